using Npgsql;
using NpgsqlTypes;
using OrleansPayments.Silo.Persistence.Journal;
using OrleansPayments.Silo.Persistence.PaymentList;

namespace OrleansPayments.Benchmarks.Database;

/// <summary>Tables with the columns, constraints and indexes of the journal and the payments list, and nobody's rules on top.</summary>
internal sealed class JournalCopy : IAsyncDisposable
{
    private readonly DatabaseServer _server;
    private readonly string _connectionString;
    private readonly long[] _heads = new long[ShardMap.DefaultCount];

    private JournalCopy(DatabaseServer server, string connectionString)
    {
        _server = server;
        _connectionString = connectionString;
    }

    public ShardMap Shards { get; } = new(ShardMap.DefaultCount);

    public static async Task<JournalCopy> CreateAsync(DatabaseServer server, string name, CancellationToken cancellation)
    {
        var connectionString = await server.CreateDatabaseAsync(name, cancellation);
        await DatabaseServer.ExecuteAsync(
            connectionString, "CREATE SCHEMA copy; CREATE TABLE copy.journal (LIKE payments.journal INCLUDING ALL)", cancellation);
        await DatabaseServer.ExecuteAsync(connectionString, new PaymentListProjection().CreateTablesSql, cancellation);
        return new JournalCopy(server, connectionString);
    }

    /// <summary>The next free position of a shard.</summary>
    public long NextPosition(int shard) => Interlocked.Increment(ref _heads[shard]);

    /// <summary>A connection set up as the silo's writers set up theirs.</summary>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand("SET plan_cache_mode = force_generic_plan; SET jit = off; SET TimeZone = 'UTC'", connection);
        await command.ExecuteNonQueryAsync(cancellation);
        return connection;
    }

    public static async Task<NpgsqlCommand> PrepareAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation, params NpgsqlDbType[] types)
    {
#pragma warning disable CA2100 // The texts are constants of the scenarios.
        var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        foreach (var type in types) command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
        await command.PrepareAsync(cancellation);
        return command;
    }

    /// <summary>Rows of both tables.</summary>
    public async Task<long> CountAsync(CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        await using var command = new NpgsqlCommand("SELECT (SELECT count(*) FROM copy.journal) + (SELECT count(*) FROM payments.payment_list)", connection);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    public async ValueTask DisposeAsync() => await _server.DropDatabaseAsync(_connectionString);
}
