using Npgsql;
using NpgsqlTypes;
using OrleansPayments.Benchmarks.Database;
using OrleansPayments.Benchmarks.Load;

namespace OrleansPayments.Benchmarks.Scenarios;

/// <summary>
/// What the database can do: the rows of payments, 128 per statement and commit, over two connections, with no look at versions, shards or epochs. A payment's
/// second row goes in the batch after its first.
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

    private long _rows;

    public async Task<RoundResult> RunAsync(LoadWindow window, CancellationToken cancellation)
    {
        _rows = 0;
        await using var table = await JournalCopy.CreateAsync(server, Name, cancellation);
        var cpu = new CpuUsage(("benchmark", Environment.ProcessId, false), ("postgres", server.ProcessId, true));
        Task[] workers = [.. Enumerable.Range(0, Connections).Select(worker => Task.Run(() => WriteAsync(worker, table, window, cancellation), cancellation))];
        var measured = await window.MeasureAsync(workers, () => Interlocked.Read(ref _rows) / 2, cpu, cancellation);
        var found = await table.CountAsync(cancellation);
        if (found != _rows) throw new InvalidOperationException($"{_rows} rows were counted and {found} are there.");
        return RoundResult.OfRows(Name, measured);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task WriteAsync(int worker, JournalCopy table, LoadWindow window, CancellationToken cancellation)
    {
        await using var connection = await table.OpenAsync(cancellation);
        await using var command = await JournalCopy.PrepareAsync(
            connection, Insert, cancellation, NpgsqlDbType.Array | NpgsqlDbType.Integer, NpgsqlDbType.Array | NpgsqlDbType.Bigint,
            NpgsqlDbType.Array | NpgsqlDbType.Text, NpgsqlDbType.Array | NpgsqlDbType.Integer, NpgsqlDbType.Array | NpgsqlDbType.Json, NpgsqlDbType.TimestampTz);
        List<string> opened = [];
        while (!window.IsOver)
        {
            List<string> opening = [];
            while (opened.Count + opening.Count < BatchRows && opening.Count < BatchRows / 2) opening.Add(NextId(worker, table));
            await InsertAsync(command, table, opened, opening, cancellation);
            Interlocked.Add(ref _rows, opened.Count + opening.Count);
            opened = opening;
        }
    }

    private async Task InsertAsync(NpgsqlCommand command, JournalCopy table, List<string> opened, List<string> opening, CancellationToken cancellation)
    {
        string[] entities = [.. opened, .. opening];
        int[] shards = [.. entities.Select(table.Shards.ShardOf)];
        command.Parameters[0].Value = shards;
        command.Parameters[1].Value = shards.Select(table.NextPosition).ToArray();
        command.Parameters[2].Value = entities;
        command.Parameters[3].Value = entities.Select((_, i) => i < opened.Count ? 2 : 1).ToArray();
        command.Parameters[4].Value = entities.Select((entity, i) => i < opened.Count ? rows.Captured(entity) : rows.Opened(entity)).ToArray();
        command.Parameters[5].Value = TimeProvider.System.GetUtcNow().UtcDateTime;
        await command.ExecuteNonQueryAsync(cancellation);
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
