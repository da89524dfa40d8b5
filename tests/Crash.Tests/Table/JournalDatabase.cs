using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansPayments.Silo.Hosting.PrivatePostgres;
using OrleansPayments.Silo.Persistence.Journal;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.Crash.Tests.Table;

/// <summary>The one PostgreSQL of all silos of the table, which outlives them, and what only it can tell or do.</summary>
internal sealed class JournalDatabase : IAsyncDisposable
{
    private static readonly ShardMap Shards = new(ShardMap.DefaultCount);

    private readonly TemporaryFolder _folder;
    private readonly PrivatePostgresCluster _cluster;
    private readonly NpgsqlDataSource _source;
    private NpgsqlConnection? _locks;

    private JournalDatabase(TemporaryFolder folder, PrivatePostgresCluster cluster)
    {
        _folder = folder;
        _cluster = cluster;
        _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { ApplicationName = "the table's own" });
    }

    public string ConnectionString => _cluster.ConnectionString;

    public static async Task<JournalDatabase> StartAsync()
    {
        var folder = new TemporaryFolder();
        return new JournalDatabase(folder, await PrivatePostgresCluster.StartAsync(folder.Path, NullLogger.Instance, CancellationToken.None));
    }

    /// <summary>Which of so many writers writes a payment.</summary>
    public static int WriterOf(PaymentId payment, int writers) => Shards.ShardOf(payment.Value) % writers;

    /// <summary>How many entries a payment has that are committed.</summary>
    public async Task<int> CountEntriesAsync(PaymentId payment)
    {
        await using var query = _source.CreateCommand("SELECT count(*)::int FROM payments.journal WHERE entity = $1");
        query.Parameters.Add(new() { Value = payment.Value });
        return (int)(await query.ExecuteScalarAsync())!;
    }

    /// <summary>From now on whoever writes these payments waits in the server, before anything of it is done.</summary>
    public async Task LockAsync(IEnumerable<PaymentId> payments)
    {
        _locks = await _source.OpenConnectionAsync();
        await ExecuteAsync("BEGIN", []);
        await ExecuteAsync("SELECT id FROM payments.shard WHERE id = ANY ($1) ORDER BY id FOR UPDATE", [.. payments.Select(payment => Shards.ShardOf(payment.Value)).Distinct()]);
    }

    /// <summary>Waits until so many statements wait for <see cref="LockAsync"/>.</summary>
    public Task WaitForBlockedAsync(int statements) => Eventually.TrueAsync("blocked statements", TimeSpan.FromSeconds(10), async () =>
        await ScalarAsync("SELECT count(*)::int FROM pg_stat_activity WHERE application_name = 'OrleansPayments journal' AND wait_event_type = 'Lock'") == statements);

    /// <summary>Ends the server's side of every connection of a dead silo, and with it what has not been committed; then lets go of the locks.</summary>
    public async Task EndConnectionsAsync()
    {
        await ScalarAsync("SELECT count(pg_terminate_backend(pid))::int FROM pg_stat_activity WHERE application_name LIKE 'OrleansPayments%'");
        await Eventually.TrueAsync("the end of a dead silo's connections", TimeSpan.FromSeconds(10), async () =>
            await ScalarAsync("SELECT count(*)::int FROM pg_stat_activity WHERE application_name LIKE 'OrleansPayments%'") == 0);
        if (_locks is null) return;
        await _locks.DisposeAsync();
        _locks = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_locks is not null) await _locks.DisposeAsync();
        await _source.DisposeAsync();
        await _cluster.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<int> ScalarAsync(string sql)
    {
        await using var query = _source.CreateCommand(sql);
        return (int)(await query.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string sql, int[] shards)
    {
        await using var command = _locks!.CreateCommand();
#pragma warning disable CA2100 // Constants of this class.
        command.CommandText = sql;
#pragma warning restore CA2100
        if (shards.Length > 0) command.Parameters.Add(new() { Value = shards });
        await command.ExecuteNonQueryAsync();
    }
}
