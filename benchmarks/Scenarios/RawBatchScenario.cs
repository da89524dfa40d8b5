using Npgsql;
using NpgsqlTypes;
using OrleansPayments.Benchmarks.Database;
using OrleansPayments.Benchmarks.Load;

namespace OrleansPayments.Benchmarks.Scenarios;

/// <summary>
/// What the database can do: the rows of payments, 128 per statement and commit, over two connections, with no look at versions, shards or epochs. A payment's
/// second row goes in the batch after its first, and its row in the list goes with the second.
/// </summary>
internal sealed class RawBatchScenario(DatabaseServer server, PaymentRows rows) : IScenario
{
    public const string Name = "raw";

    private const int Connections = 2;
    private const int BatchRows = 128;

    private const string Insert = """
        INSERT INTO copy.journal (shard, position, epoch, recorded_at, entity, version, events)
        SELECT r.shard, r.position, 1, $6, r.entity, r.version, r.events FROM unnest($1, $2, $3, $4, $5) AS r (shard, position, entity, version, events)
        """;

    private const string InsertListed = """
        INSERT INTO payments.payment_list (id, merchant_id, created_at, merchant_order_id, customer_id, status, connector, version, state)
        SELECT r.id, r.merchant_id, $9, r.merchant_order_id, r.customer_id, r.status, r.connector, r.version, r.state
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) AS r (id, merchant_id, merchant_order_id, customer_id, status, connector, version, state)
        """;

    private long _rows;
    private long _captured;

    public async Task<RoundResult> RunAsync(LoadWindow window, CancellationToken cancellation)
    {
        _rows = 0;
        _captured = 0;
        await using var table = await JournalCopy.CreateAsync(server, Name, cancellation);
        var cpu = new CpuUsage(("benchmark", Environment.ProcessId, false), ("postgres", server.ProcessId, true));
        Task[] workers = [.. Enumerable.Range(0, Connections).Select(worker => Task.Run(() => WriteAsync(worker, table, window, cancellation), cancellation))];
        var measured = await window.MeasureAsync(workers, () => Interlocked.Read(ref _captured), cpu, cancellation);
        var found = await table.CountAsync(cancellation);
        if (found != _rows) throw new InvalidOperationException($"{_rows} rows were counted and {found} are there.");
        return RoundResult.OfRows(Name, measured);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task WriteAsync(int worker, JournalCopy table, LoadWindow window, CancellationToken cancellation)
    {
        await using var connection = await table.OpenAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Command(
            Insert, NpgsqlDbType.Array | NpgsqlDbType.Integer, NpgsqlDbType.Array | NpgsqlDbType.Bigint, NpgsqlDbType.Array | NpgsqlDbType.Text,
            NpgsqlDbType.Array | NpgsqlDbType.Integer, NpgsqlDbType.Array | NpgsqlDbType.Json, NpgsqlDbType.TimestampTz));
        const NpgsqlDbType Texts = NpgsqlDbType.Array | NpgsqlDbType.Text;
        batch.BatchCommands.Add(Command(
            InsertListed, Texts, Texts, Texts, Texts, Texts, Texts, NpgsqlDbType.Array | NpgsqlDbType.Integer, Texts, NpgsqlDbType.TimestampTz));
        await batch.PrepareAsync(cancellation);
        List<string> opened = [];
        while (!window.IsOver)
        {
            List<string> opening = [];
            while (opened.Count + opening.Count < BatchRows && opening.Count < BatchRows / 2) opening.Add(NextId(worker, table));
            await InsertAsync(batch, table, opened, opening, cancellation);
            Interlocked.Add(ref _rows, opened.Count + opening.Count + opened.Count);
            Interlocked.Add(ref _captured, opened.Count);
            opened = opening;
        }
    }

    // One batch is one implicit transaction: one round trip, one commit.
    private async Task InsertAsync(NpgsqlBatch batch, JournalCopy table, List<string> opened, List<string> opening, CancellationToken cancellation)
    {
        string[] entities = [.. opened, .. opening];
        int[] shards = [.. entities.Select(table.Shards.ShardOf)];
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        SetValues(
            batch.BatchCommands[0], shards, shards.Select(table.NextPosition).ToArray(), entities,
            entities.Select((_, i) => i < opened.Count ? 2 : 1).ToArray(),
            entities.Select((entity, i) => i < opened.Count ? rows.Captured(entity) : rows.Opened(entity)).ToArray(), now);
        ListRow[] listed = [.. opened.Select(rows.ListCaptured)];
        SetValues(
            batch.BatchCommands[1], Column(listed, row => row.Id), Column(listed, row => row.MerchantId), Column(listed, row => row.MerchantOrderId),
            Column(listed, row => row.CustomerId), Column(listed, row => row.Status), Column(listed, row => row.Connector),
            listed.Select(row => row.Version).ToArray(), Column(listed, row => row.State), now);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static string?[] Column(ListRow[] rows, Func<ListRow, string?> member) => [.. rows.Select(member)];

    private static void SetValues(NpgsqlBatchCommand command, params object[] values)
    {
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
    }

    private static NpgsqlBatchCommand Command(string sql, params NpgsqlDbType[] types)
    {
#pragma warning disable CA2100 // The texts are constants of this class.
        var command = new NpgsqlBatchCommand(sql);
#pragma warning restore CA2100
        foreach (var type in types) command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
        return command;
    }

    // As in the silo, a shard is written over one connection only.
    private static string NextId(int worker, JournalCopy table)
    {
        Span<byte> bits = stackalloc byte[16];
        while (true)
        {
            Random.Shared.NextBytes(bits);
            var id = PaymentId.FromBits(bits).Value;
            if (table.Shards.ShardOf(id) % Connections == worker) return id;
        }
    }
}
