using System.Security.Cryptography;
using OrleansPayments.Silo.Persistence.Tests.Infrastructure;
using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Persistence.Tests.Keys;

/// <summary>The data keys in the database, and the master key that opens them.</summary>
[Collection(ClusterGroup.Name)]
public sealed class KeyRingTests(ClusterFixture cluster) : IDisposable
{
    private readonly TempFolder _folder = new();

    private string KeyFile => Path.Combine(_folder.Path, "master.key");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_installation_from_before_the_ring_goes_on_with_the_derived_keys()
    {
        var database = await UsedDatabaseAsync();
        var master = MasterKey.Generate();
        await using var first = await TestVault.StartAsync(database, _folder.Path, master.ToBase64());
        var derived = KeyRing.DerivedFrom(master);
        foreach (var purpose in KeyPurpose.All.Where(purpose => purpose.WasDerived)) Assert.Equal(derived.KeyOf(purpose), first.Ring.KeyOf(purpose));
        Assert.NotEqual(derived.KeyOf(KeyPurpose.CardFingerprint), first.Ring.KeyOf(KeyPurpose.CardFingerprint));

        await using var second = await TestVault.StartAsync(database, _folder.Path, master.ToBase64());
        Assert.Equal(first.RingInHex(), second.RingInHex());
    }

    [Fact]
    public async Task An_installation_whose_key_is_exchanged_at_the_very_start_goes_on_with_what_the_previous_key_derived()
    {
        var database = await UsedDatabaseAsync();
        var previous = MasterKey.Generate();
        await using var first = await TestVault.StartAsync(database, _folder.Path, MasterKey.Generate().ToBase64(), previous.ToBase64());
        Assert.Equal(previous.Derive("request-fingerprint"), first.Ring.KeyOf(KeyPurpose.RequestFingerprint));
    }

    [Fact]
    public async Task A_new_installation_makes_keys_that_the_master_key_does_not_tell()
    {
        var database = await cluster.CreateDatabaseAsync();
        await using var first = await TestVault.StartAsync(database, _folder.Path);
        var derived = KeyRing.DerivedFrom(first.MasterKeys.Set.Current);
        foreach (var purpose in KeyPurpose.All) Assert.NotEqual(derived.KeyOf(purpose), first.Ring.KeyOf(purpose));

        await using var second = await TestVault.StartAsync(database, _folder.Path);
        Assert.Equal(first.RingInHex(), second.RingInHex());
    }

    [Fact]
    public async Task First_starts_at_the_same_moment_agree()
    {
        var database = await cluster.CreateDatabaseAsync();
        Task<TestVault[]> starting;
        await using (var connection = new NpgsqlConnection(database))
        {
            // Nobody can write the ring before all have come as far as they can.
            await connection.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var locking = new NpgsqlCommand("LOCK TABLE payments.key_ring IN SHARE MODE", connection, transaction);
            await locking.ExecuteNonQueryAsync();
            starting = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TestVault.StartAsync(database, _folder.Path)));
            await TestVault.UntilWaitingAsync(database, 8);
        }

        var starts = await starting;
        Assert.Single(starts.Select(start => start.RingInHex()).Distinct());
        Assert.Single(starts.Select(start => start.MasterKeys.Set.Current.Id).Distinct());
        Assert.Equal(KeyPurpose.All.Length, await ClusterFixture.QueryAsync<long>(database, "SELECT count(*) FROM payments.key_ring"));
        foreach (var start in starts) await start.DisposeAsync();
    }

    [Fact]
    public async Task A_silo_with_another_master_key_does_not_start()
    {
        var database = await cluster.CreateDatabaseAsync();
        var right = MasterKey.Generate();
        await (await TestVault.StartAsync(database, _folder.Path, right.ToBase64())).DisposeAsync();

        var wrong = MasterKey.Generate();
        var refused = await Assert.ThrowsAsync<SecurityFileException>(() => TestVault.StartAsync(database, _folder.Path, wrong.ToBase64()));
        Assert.Contains(right.Id, refused.Message, StringComparison.Ordinal);
        Assert.Contains(wrong.Id, refused.Message, StringComparison.Ordinal);
        Assert.Contains("docs/keys.md", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(wrong.ToBase64(), refused.Message, StringComparison.Ordinal);
        Assert.Equal(1L, await ClusterFixture.QueryAsync<long>(database, "SELECT count(*) FROM payments.master_key"));
        await (await TestVault.StartAsync(database, _folder.Path, right.ToBase64())).DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_key_file_is_noticed_and_no_other_is_made(bool hasRing)
    {
        var database = hasRing ? await cluster.CreateDatabaseAsync() : await UsedDatabaseAsync();
        if (hasRing) await (await TestVault.StartAsync(database, _folder.Path)).DisposeAsync();
        File.Delete(KeyFile);

        var refused = await Assert.ThrowsAsync<SecurityFileException>(() => TestVault.StartAsync(database, _folder.Path));
        Assert.Contains("master.key is missing", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(KeyFile));
    }

    [Theory]
    [InlineData("UPDATE payments.key_ring SET wrapped_key = set_byte(wrapped_key, 40, get_byte(wrapped_key, 40) # 1) WHERE purpose = 'api-key-secret'", "'api-key-secret'")]
    [InlineData("UPDATE payments.key_ring SET wrapped_key = (SELECT wrapped_key FROM payments.key_ring WHERE purpose = 'secret-sealing') WHERE purpose = 'card-fingerprint'", "'card-fingerprint'")]
    [InlineData("DELETE FROM payments.key_ring WHERE purpose = 'request-fingerprint'", "'request-fingerprint'")]
    public async Task A_row_that_was_altered_exchanged_or_removed_stops_the_start(string change, string named)
    {
        var database = await cluster.CreateDatabaseAsync();
        await (await TestVault.StartAsync(database, _folder.Path)).DisposeAsync();
        await ClusterFixture.ExecuteAsync(database, change);
        var refused = await Assert.ThrowsAsync<SecurityFileException>(() => TestVault.StartAsync(database, _folder.Path));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_database_holds_neither_a_key_of_the_ring_nor_the_master_key()
    {
        var database = await cluster.CreateDatabaseAsync();
        await using var start = await TestVault.StartAsync(database, _folder.Path);
        var rows = await ClusterFixture.QueryAsync<string>(database, "SELECT string_agg(encode(wrapped_key, 'hex'), ' ') FROM payments.key_ring");
        foreach (var purpose in KeyPurpose.All)
        {
            Assert.DoesNotContain(Convert.ToHexStringLower(start.Ring.KeyOf(purpose)), rows, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(Convert.ToHexStringLower(Convert.FromBase64String(start.MasterKeys.Set.Current.ToBase64())), rows, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrapped_opens_under_its_key_and_context_only_and_in_the_documented_form()
    {
        // Computed by another implementation of HKDF and AES-GCM from the documented form; if this fails, no stored key opens any more.
        const string Stored = "AQABAgMEBQYHCAkKC+mFAbAT+5VcPdaP7qs7p7akCHKfBQNBFEyLa+L8A59vRPyrBKpQICH3tQIvm8kwtw==";
        var zero = new MasterKey(new byte[MasterKey.Length]);
        var key = Enumerable.Repeat((byte)7, 32).ToArray();
        Assert.Equal("ada6b61493287554", zero.Id);
        Assert.Equal(key, zero.Unwrap(Convert.FromBase64String(Stored), "key-ring/request-fingerprint"));
        Assert.ThrowsAny<CryptographicException>(() => zero.Unwrap(Convert.FromBase64String(Stored), "key-ring/api-key-secret"));
        Assert.ThrowsAny<CryptographicException>(() => MasterKey.Generate().Unwrap(Convert.FromBase64String(Stored), "key-ring/request-fingerprint"));
        Assert.ThrowsAny<CryptographicException>(() => zero.Unwrap(new byte[28], "key-ring/request-fingerprint"));

        var wrapped = zero.Wrap(key, "a");
        Assert.Equal(key, zero.Unwrap(wrapped, "a"));
        for (var i = 0; i < wrapped.Length; i++)
        {
            var bad = wrapped.ToArray();
            bad[i] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => zero.Unwrap(bad, "a"));
        }
    }

    private async Task<string> UsedDatabaseAsync()
    {
        var database = await cluster.CreateDatabaseAsync();
        await ClusterFixture.ExecuteAsync(
            database, "INSERT INTO payments.journal (position, epoch, recorded_at, shard, version, entity, events) VALUES (1, 1, now(), 0, 1, 'mer_1', '[]')");
        return database;
    }
}
