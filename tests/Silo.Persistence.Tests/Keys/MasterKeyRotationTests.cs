using System.Runtime.Versioning;
using OrleansPayments.Silo.Api.KeyRotation;
using OrleansPayments.Silo.Persistence.CardVault;
using OrleansPayments.Silo.Persistence.Keys;
using OrleansPayments.Silo.Persistence.Tests.Infrastructure;
using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Persistence.Tests.Keys;

/// <summary>The master key is exchanged, undisturbed, under load, and with a crash or a fault at any step.</summary>
[Collection(ClusterGroup.Name)]
[UnsupportedOSPlatform("windows")]
public sealed class MasterKeyRotationTests(ClusterFixture cluster) : IDisposable
{
    private const int Cards = 5;
    private const string Request = "idk_request";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Steps() => [.. Enum.GetNames<RotationStep>()];

    [Fact]
    public async Task A_rotation_wraps_everything_anew_and_drops_the_old_key()
    {
        var database = await cluster.CreateDatabaseAsync();
        await using var keys = await StartWithCardsAsync(database);
        var (ring, old) = (keys.RingInHex(), keys.MasterKeys.Set.Current);
        var before = await WrappedAsync(database);

        var result = await keys.Rotation.RotateAsync(null, CancellationToken.None);

        Assert.Equal(RotationStatus.Completed, result.Status);
        Assert.Equal(KeyPurpose.All.Length + Cards, result.Rotation!.Rewrapped);
        Assert.Equal((result.Rotation.MasterKeyId, 1), (keys.MasterKeys.Set.Current.Id, keys.MasterKeys.Set.Ids.Length));
        Assert.NotEqual(old.Id, result.Rotation.MasterKeyId);
        Assert.Empty(before.Intersect(await WrappedAsync(database)));
        Assert.Equal(result.Rotation.MasterKeyId, await ClusterFixture.QueryAsync<string>(database, "SELECT string_agg(id, ' ') FROM payments.master_key"));
        AssertInNoFile(old);
        await AssertWholeAsync(keys);

        await using var next = await TestVault.StartAsync(database, _folder.Path);
        Assert.Equal(ring, next.RingInHex());
        await AssertWholeAsync(next);
        await Assert.ThrowsAsync<SecurityFileException>(() => TestVault.StartAsync(database, _folder.Path, old.ToBase64()));
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_crash_after_any_step_leaves_everything_readable_and_the_next_start_finishes(string step)
    {
        var database = await cluster.CreateDatabaseAsync();
        var crashed = await StartWithCardsAsync(database, CrashAfter(Enum.Parse<RotationStep>(step)));
        var (ring, old) = (crashed.RingInHex(), crashed.MasterKeys.Set.Current);
        await Assert.ThrowsAsync<CrashException>(() => crashed.Rotation.RotateAsync(Request, CancellationToken.None));
        await crashed.DisposeAsync();

        await using var next = await TestVault.StartAsync(database, _folder.Path);
        Assert.Equal(ring, next.RingInHex());
        await AssertWholeAsync(next);
        await next.WorkAsync();
        await next.UntilFinishedAsync(database);
        await AssertWholeAsync(next);

        // The request that was cut off has one effect, however often it is repeated.
        var repeated = await next.Rotation.RotateAsync(Request, CancellationToken.None);
        Assert.Equal(step == nameof(RotationStep.Recorded) ? RotationStatus.Completed : RotationStatus.Replayed, repeated.Status);
        Assert.Equal((KeyPurpose.All.Length + Cards, next.MasterKeys.Set.Current.Id), (repeated.Rotation!.Rewrapped, repeated.Rotation.MasterKeyId));
        Assert.Equal(repeated.Rotation, (await next.Rotation.RotateAsync(Request, CancellationToken.None)).Rotation);
        AssertInNoFile(old);
        await AssertWholeAsync(next);
    }

    [Fact]
    public async Task A_crash_between_two_batches_leaves_everything_readable_and_nothing_is_counted_twice()
    {
        var database = await cluster.CreateDatabaseAsync();
        await using (var crashed = await StartWithCardsAsync(database))
        {
            await RefuseAsync(database, LastPayment);
            await Assert.ThrowsAsync<PostgresException>(() => crashed.Rotation.RotateAsync(Request, CancellationToken.None));
            Assert.Equal(2, await ClusterFixture.QueryAsync<long>(database, "SELECT count(DISTINCT master_key) FROM payments.card_vault"));
            await AssertWholeAsync(crashed);
        }

        await using var next = await TestVault.StartAsync(database, _folder.Path);
        await AssertWholeAsync(next);
        Assert.Equal(RotationStatus.RepetitionInProgress, (await next.Rotation.RotateAsync(Request, CancellationToken.None)).Status);
        Assert.Equal(RotationStatus.InProgress, (await next.Rotation.RotateAsync(null, CancellationToken.None)).Status);
        await AllowAsync(database);
        await next.WorkAsync();
        await next.UntilFinishedAsync(database);
        Assert.Equal(KeyPurpose.All.Length + Cards, (await next.Rotation.RotateAsync(Request, CancellationToken.None)).Rotation!.Rewrapped);
        await AssertWholeAsync(next);
    }

    [Fact]
    public async Task What_a_fault_has_interrupted_goes_on_by_itself()
    {
        var database = await cluster.CreateDatabaseAsync();
        await using var keys = await StartWithCardsAsync(database);
        await keys.WorkAsync();
        await RefuseAsync(database, LastPayment);
        await Assert.ThrowsAsync<PostgresException>(() => keys.Rotation.RotateAsync(Request, CancellationToken.None));
        await AllowAsync(database);
        await keys.UntilFinishedAsync(database);
        Assert.Equal(RotationStatus.Replayed, (await keys.Rotation.RotateAsync(Request, CancellationToken.None)).Status);
        await AssertWholeAsync(keys);
    }

    [Fact]
    public async Task One_rotation_runs_at_a_time()
    {
        var database = await cluster.CreateDatabaseAsync();
        var reached = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        await using var keys = await StartWithCardsAsync(database, async step =>
        {
            if (step != RotationStep.RingRewrapped) return;
            reached.TrySetResult();
            await goOn.Task;
        });
        var first = keys.Rotation.RotateAsync(Request, CancellationToken.None);
        await reached.Task.WaitAsync(Patience);
        Assert.Equal(RotationStatus.InProgress, (await keys.Rotation.RotateAsync(null, CancellationToken.None)).Status);
        Assert.Equal(RotationStatus.InProgress, (await keys.Rotation.RotateAsync("idk_other", CancellationToken.None)).Status);
        Assert.Equal(RotationStatus.RepetitionInProgress, (await keys.Rotation.RotateAsync(Request, CancellationToken.None)).Status);
        goOn.SetResult();
        Assert.Equal(RotationStatus.Completed, (await first).Status);
        Assert.Equal(1L, await ClusterFixture.QueryAsync<long>(database, "SELECT count(*) FROM payments.master_key_rotation"));
        Assert.Equal(RotationStatus.Completed, (await keys.Rotation.RotateAsync("idk_other", CancellationToken.None)).Status);
        Assert.Equal(RotationStatus.Replayed, (await keys.Rotation.RotateAsync(Request, CancellationToken.None)).Status);
    }

    [Fact]
    public async Task Cards_are_stored_opened_and_destroyed_while_thousands_are_wrapped_anew()
    {
        const int Standing = 2_000;
        var database = await cluster.CreateDatabaseAsync();
        await using var keys = await TestVault.StartAsync(database, _folder.Path, batchSize: 50);
        await Parallel.ForAsync(0, Standing, async (number, _) => await keys.StoreAsync(number));
        var moving = 0;
        using var enough = new CancellationTokenSource();
        var load = Enumerable.Range(0, 6).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (var round = 0; !enough.IsCancellationRequested; round++)
            {
                // Its own, from the first to the last; and one of those that are being wrapped, replaced now and then.
                var own = Standing + (round * 6) + worker;
                await keys.StoreAsync(own);
                Assert.True(await keys.OpensAsync(own));
                var standing = random.Next(Standing);
                if (round % 3 == 0) await keys.StoreAsync(standing);
                Assert.True(await keys.OpensAsync(standing));
                await keys.Vault.Destroy(TestVault.Payment(own));
                Interlocked.Increment(ref moving);
            }
        })).ToList();

        for (var rotation = 0; rotation < 3; rotation++)
        {
            // Cards that were stored under the new key since are not wrapped again.
            var result = await keys.Rotation.RotateAsync(null, CancellationToken.None);
            Assert.InRange(result.Rotation!.Rewrapped, Standing / 2, Standing + KeyPurpose.All.Length + 100);
        }

        await enough.CancelAsync();
        await Task.WhenAll(load);
        Assert.True(moving > 50, $"{moving} cards are no load.");
        await Parallel.ForAsync(0, Standing, async (number, _) => Assert.True(await keys.OpensAsync(number)));
        Assert.Equal(
            $"{keys.MasterKeys.Set.Current.Id}:{Standing}",
            await ClusterFixture.QueryAsync<string>(database, "SELECT string_agg(DISTINCT master_key, ' ') || ':' || count(*) FROM payments.card_vault"));
    }

    [Fact]
    public async Task A_card_that_was_sealed_before_a_rotation_and_arrives_after_it_is_sealed_again()
    {
        var database = await cluster.CreateDatabaseAsync();
        await using var keys = await TestVault.StartAsync(database, _folder.Path);
        Task store;
        await using (var connection = new NpgsqlConnection(database))
        {
            // Lets the rotation look at the empty table and nobody write to it.
            await connection.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var locking = new NpgsqlCommand("LOCK TABLE payments.card_vault IN SHARE MODE", connection, transaction);
            await locking.ExecuteNonQueryAsync();
            store = keys.StoreAsync(1);
            await TestVault.UntilWaitingAsync(database, 1);
            Assert.Equal(RotationStatus.Completed, (await keys.Rotation.RotateAsync(null, CancellationToken.None)).Status);
            Assert.False(store.IsCompleted);
        }

        await store;
        Assert.True(await keys.OpensAsync(1));
        Assert.Equal(keys.MasterKeys.Set.Current.Id, await ClusterFixture.QueryAsync<string>(database, "SELECT master_key FROM payments.card_vault"));
    }

    [Fact]
    public async Task A_card_under_the_old_key_that_becomes_visible_at_the_very_end_keeps_that_key_until_it_is_wrapped_anew()
    {
        var database = await cluster.CreateDatabaseAsync();
        await using var keys = await TestVault.StartAsync(database, _folder.Path);
        var old = keys.MasterKeys.Set.Current;
        var (card, wrapped) = CardCipher.Seal(TestVault.Card(), TestVault.Payment(1), old);
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var insert = new NpgsqlCommand("INSERT INTO payments.card_vault VALUES ($1, $2, $3, $4, now())", connection, transaction)
        {
            Parameters = { new() { Value = TestVault.Payment(1).Value }, new() { Value = old.Id }, new() { Value = wrapped }, new() { Value = card } },
        };
        await insert.ExecuteNonQueryAsync();
        var rotation = keys.Rotation.RotateAsync(null, CancellationToken.None);
        await TestVault.UntilWaitingAsync(database, 1);
        await transaction.CommitAsync();

        Assert.Equal(KeyPurpose.All.Length + 1, (await rotation).Rotation!.Rewrapped);
        Assert.Equal("4242424242424242", (await keys.Vault.Open(TestVault.Payment(1)))!.Number);
        AssertInNoFile(old);
    }

    [Fact]
    public async Task A_card_that_was_altered_does_not_keep_the_old_key_in_use()
    {
        var database = await cluster.CreateDatabaseAsync();
        await using var keys = await StartWithCardsAsync(database);
        await ClusterFixture.ExecuteAsync(database, $"UPDATE payments.card_vault SET wrapped_key = substr(wrapped_key, 1, 50) WHERE payment = '{TestVault.Payment(0).Value}'");
        Assert.Equal(RotationStatus.Completed, (await keys.Rotation.RotateAsync(null, CancellationToken.None)).Status);
        await Assert.ThrowsAnyAsync<System.Security.Cryptography.CryptographicException>(() => keys.Vault.Open(TestVault.Payment(0)));
        for (var number = 1; number < Cards; number++) Assert.True(await keys.OpensAsync(number));
    }

    [Fact]
    public async Task A_key_file_that_cannot_be_written_changes_nothing()
    {
        var database = await cluster.CreateDatabaseAsync();
        await using var keys = await StartWithCardsAsync(database);
        var before = keys.MasterKeys.Set.Current.Id;
        var text = await File.ReadAllTextAsync(keys.MasterKeys.File.Path);
        Directory.Move(_folder.Path, _folder.Path + "-away");
        try
        {
            await Assert.ThrowsAnyAsync<IOException>(() => keys.Rotation.RotateAsync(Request, CancellationToken.None));
        }
        finally
        {
            Directory.Move(_folder.Path + "-away", _folder.Path);
        }

        Assert.Equal((before, text), (keys.MasterKeys.Set.Current.Id, await File.ReadAllTextAsync(keys.MasterKeys.File.Path)));
        await AssertWholeAsync(keys);
        await keys.WorkAsync();
        await keys.UntilFinishedAsync(database);

        // Who finished it may not have let go yet, though all of it is written.
        var started = TimeProvider.System.GetTimestamp();
        RotationResult again;
        do again = await keys.Rotation.RotateAsync(Request, CancellationToken.None);
        while (again.Status == RotationStatus.InProgress && TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(10));
        Assert.Equal(RotationStatus.Completed, again.Status);
    }

    [Fact]
    public async Task What_a_crash_left_of_a_key_file_goes_with_the_old_key()
    {
        var database = await cluster.CreateDatabaseAsync();
        await using var keys = await StartWithCardsAsync(database);
        var old = keys.MasterKeys.Set.Current;
        await File.WriteAllTextAsync(keys.MasterKeys.File.Path + ".abc.tmp", old.ToBase64());
        await keys.Rotation.RotateAsync(null, CancellationToken.None);
        AssertInNoFile(old);
        Assert.Single(Directory.GetFiles(_folder.Path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(keys.MasterKeys.File.Path));
    }

    [Fact]
    public async Task A_key_from_the_configuration_is_exchanged_there()
    {
        var database = await cluster.CreateDatabaseAsync();
        var (old, fresh) = (MasterKey.Generate(), MasterKey.Generate());
        string ring;
        await using (var first = await TestVault.StartAsync(database, _folder.Path, old.ToBase64()))
        {
            ring = first.RingInHex();
            for (var number = 0; number < Cards; number++) await first.StoreAsync(number);
            Assert.Equal(RotationStatus.Configured, (await first.Rotation.RotateAsync(null, CancellationToken.None)).Status);
            Assert.Equal(old.Id, await ClusterFixture.QueryAsync<string>(database, "SELECT string_agg(DISTINCT master_key, ' ') FROM payments.key_ring"));

            // Another silo of the same database, which has heard of the new key and does not use it yet.
            await using var informed = await TestVault.StartAsync(database, _folder.Path, old.ToBase64(), fresh.ToBase64());
            await using var exchanged = await TestVault.StartAsync(database, _folder.Path, fresh.ToBase64(), old.ToBase64());
            await exchanged.WorkAsync();
            await exchanged.UntilFinishedByAsync(database, fresh.Id);
            await AssertWholeAsync(exchanged);
            await AssertWholeAsync(informed);
            await informed.StoreAsync(0);
            await AssertWholeAsync(exchanged);
        }

        await using var again = await TestVault.StartAsync(database, _folder.Path, fresh.ToBase64(), old.ToBase64());
        await again.Rotation.FinishAsync(CancellationToken.None);
        await using var last = await TestVault.StartAsync(database, _folder.Path, fresh.ToBase64());
        Assert.Equal(ring, last.RingInHex());
        await AssertWholeAsync(last);
        await Assert.ThrowsAsync<SecurityFileException>(() => TestVault.StartAsync(database, _folder.Path, old.ToBase64()));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    // By the order in which they are wrapped anew.
    private static string LastPayment => Enumerable.Range(0, Cards).Select(number => TestVault.Payment(number).Value).Max(StringComparer.Ordinal)!;

    private static Func<RotationStep, Task> CrashAfter(RotationStep step) => done => done == step ? throw new CrashException() : Task.CompletedTask;

    private static async Task AssertWholeAsync(TestVault keys)
    {
        for (var number = 0; number < Cards; number++) Assert.True(await keys.OpensAsync(number), $"Card {number} does not open.");
    }

    private static async Task<List<string>> WrappedAsync(string database) =>
    [
        .. (await ClusterFixture.QueryAsync<string>(
            database,
            """
            SELECT string_agg(key, ' ') FROM (
                SELECT encode(wrapped_key, 'hex') AS key FROM payments.key_ring UNION ALL SELECT encode(wrapped_key, 'hex') FROM payments.card_vault) AS keys
            """)).Split(' '),
    ];

    // Stands for a crash in the middle of the batches: this card's key cannot be wrapped anew.
    private static Task RefuseAsync(string database, string payment) => ClusterFixture.ExecuteAsync(
        database,
        $$"""
        CREATE FUNCTION payments.refuse() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RAISE EXCEPTION 'refused'; END $f$;
        CREATE TRIGGER refuse BEFORE UPDATE ON payments.card_vault FOR EACH ROW WHEN (OLD.payment = '{{payment}}') EXECUTE FUNCTION payments.refuse();
        """);

    private static Task AllowAsync(string database) => ClusterFixture.ExecuteAsync(database, "DROP TRIGGER refuse ON payments.card_vault");

    private async Task<TestVault> StartWithCardsAsync(string database, Func<RotationStep, Task>? stepDone = null)
    {
        var keys = await TestVault.StartAsync(database, _folder.Path, stepDone: stepDone);
        for (var number = 0; number < Cards; number++) await keys.StoreAsync(number);
        return keys;
    }

    private void AssertInNoFile(MasterKey key)
    {
        foreach (var file in Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain(key.ToBase64(), File.ReadAllText(file), StringComparison.Ordinal);
        }
    }

    private sealed class CrashException : Exception;
}
