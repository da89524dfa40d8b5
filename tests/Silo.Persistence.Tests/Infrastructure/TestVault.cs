using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Persistence.CardVault;
using OrleansPayments.Silo.Persistence.Keys;
using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Persistence.Tests.Infrastructure;

/// <summary>Keys and card vault as one start of a silo has them, without the rest of it.</summary>
internal sealed class TestVault : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly CardVaultMetrics _metrics = new();
    private readonly PaymentsDatabase _database = new();
    private bool _works;

    private TestVault(string connectionString, MasterKeys masterKeys, int batchSize, TimeProvider time, Func<RotationStep, Task>? stepDone)
    {
        var options = Options.Create(new CardVaultOptions { BatchSize = batchSize });
        _database.Open(connectionString);
        MasterKeys = masterKeys;
        Store = new KeyRingStore(masterKeys, Ring, _database, time, NullLogger<KeyRingStore>.Instance);
        Vault = new PostgresCardVault(_database, masterKeys, _metrics);
        Janitor = new CardVaultJanitor(_database, _metrics, options, time, NullLogger<CardVaultJanitor>.Instance);
        Rotation = new MasterKeyRotation(
            masterKeys, new CardVaultRewrapping(_database, options, NullLogger<CardVaultRewrapping>.Instance), _database, time,
            NullLogger<MasterKeyRotation>.Instance)
        {
            StepDone = stepDone ?? (_ => Task.CompletedTask),
        };
    }

    public MasterKeys MasterKeys { get; }

    public KeyRing Ring { get; } = new();

    public KeyRingStore Store { get; }

    public PostgresCardVault Vault { get; }

    public CardVaultJanitor Janitor { get; }

    public MasterKeyRotation Rotation { get; }

    /// <param name="folder">For the key file.</param>
    public static async Task<TestVault> StartAsync(
        string connectionString, string folder, string? configured = null, string? previous = null, int batchSize = 2, TimeProvider? time = null,
        Func<RotationStep, Task>? stepDone = null)
    {
        var pooled = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = true }.ConnectionString;
        var vault = new TestVault(
            pooled, new MasterKeys(configured, previous, Path.Combine(folder, "master.key")), batchSize, time ?? TimeProvider.System, stepDone);
        try
        {
            await vault.Store.LoadAsync(CancellationToken.None);
            return vault;
        }
        catch
        {
            await vault.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets the rotation finish by itself what an earlier start began.</summary>
    public async Task WorkAsync()
    {
        _works = true;
        await Rotation.StartAsync(CancellationToken.None);
    }

    /// <summary>Until the key file holds one key and nothing is left to finish.</summary>
    public async Task UntilFinishedAsync(string connectionString)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (MasterKeys.File.Read().Length > 1
            || await ClusterFixture.QueryAsync<long>(connectionString, "SELECT count(*) FROM payments.master_key_rotation WHERE finished_at IS NULL") > 0)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, "The rotation was not finished.");
            await Task.Delay(10);
        }
    }

    /// <summary>Until the rotation to this key is recorded as finished.</summary>
    public async Task UntilFinishedByAsync(string connectionString, string masterKeyId)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (await ClusterFixture.QueryAsync<long>(
            connectionString, $"SELECT count(*) FROM payments.master_key_rotation WHERE finished_at IS NOT NULL AND master_key = '{masterKeyId}'") == 0)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, "The rotation was not finished.");
            await Task.Delay(10);
        }
    }

    /// <summary>Until so many of the database's connections wait for a lock.</summary>
    public static async Task UntilWaitingAsync(string connectionString, int connections)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (await ClusterFixture.QueryAsync<long>(
            connectionString, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") < connections)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, "They do not wait.");
            await Task.Delay(10);
        }
    }

    public static PaymentId Payment(int number) => PaymentId.FromIdempotencyKey("test", "card", $"{number}");

    public static CardDetails Card(string number = "4242424242424242", string? holder = "A. Payer") => new(number, 12, 2035, "123", holder);

    public Task StoreAsync(int number) => Vault.Store(Payment(number), Card(NumberOf(number)), DateTimeOffset.UtcNow.AddHours(1));

    /// <summary>Whether the card of <see cref="StoreAsync"/> opens.</summary>
    public async Task<bool> OpensAsync(int number) => (await Vault.Open(Payment(number)))?.Number == NumberOf(number);

    public string RingInHex() => string.Join(' ', KeyPurpose.All.Select(purpose => Convert.ToHexString(Ring.KeyOf(purpose))));

    public async ValueTask DisposeAsync()
    {
        if (_works) await Rotation.StopAsync(CancellationToken.None);
        Rotation.Dispose();
        Janitor.Dispose();
        _metrics.Dispose();
        await _database.DisposeAsync();
    }

    private static string NumberOf(int number) => $"4000{number:D12}";
}
