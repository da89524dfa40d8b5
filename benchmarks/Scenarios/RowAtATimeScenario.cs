using Npgsql;
using NpgsqlTypes;
using OrleansPayments.Benchmarks.Database;
using OrleansPayments.Benchmarks.Load;

namespace OrleansPayments.Benchmarks.Scenarios;

/// <summary>How it is commonly done: each change of a payment is a row, written and committed for itself; 16 connections, prepared statements.</summary>
internal sealed class RowAtATimeScenario(DatabaseServer server, PaymentRows rows) : IScenario
{
    public const string Name = "row";

    private const int Connections = 16;

    private const string Insert =
        "INSERT INTO copy.journal (shard, position, epoch, recorded_at, entity, version, events) VALUES ($1, $2, 1, $3, $4, $5, $6)";

    private long _payments;

    public async Task<RoundResult> RunAsync(LoadWindow window, CancellationToken cancellation)
    {
        _payments = 0;
        await using var table = await JournalCopy.CreateAsync(server, Name, cancellation);
        var cpu = new CpuUsage(("benchmark", Environment.ProcessId, false), ("postgres", server.ProcessId, true));
        Task[] workers = [.. Enumerable.Range(0, Connections).Select(_ => Task.Run(() => WriteAsync(table, window, cancellation), cancellation))];
        var measured = await window.MeasureAsync(workers, () => Interlocked.Read(ref _payments), cpu, cancellation);
        var found = await table.CountAsync(cancellation);
        if (found != _payments * 2) throw new InvalidOperationException($"{_payments} payments were counted and {found} rows are there.");
        return RoundResult.OfRows(Name, measured);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task WriteAsync(JournalCopy table, LoadWindow window, CancellationToken cancellation)
    {
        await using var connection = await table.OpenAsync(cancellation);
        await using var command = await JournalCopy.PrepareAsync(
            connection, Insert, cancellation, NpgsqlDbType.Integer, NpgsqlDbType.Bigint, NpgsqlDbType.TimestampTz, NpgsqlDbType.Text, NpgsqlDbType.Integer,
            NpgsqlDbType.Json);
        var bits = new byte[16];
        while (!window.IsOver)
        {
            Random.Shared.NextBytes(bits);
            var id = PaymentId.FromBits(bits).Value;
            await InsertAsync(command, table, id, 1, rows.Opened(id), cancellation);
            await InsertAsync(command, table, id, 2, rows.Captured(id), cancellation);
            Interlocked.Increment(ref _payments);
        }
    }

    private static async Task InsertAsync(NpgsqlCommand command, JournalCopy table, string id, int version, byte[] events, CancellationToken cancellation)
    {
        var shard = table.Shards.ShardOf(id);
        command.Parameters[0].Value = shard;
        command.Parameters[1].Value = table.NextPosition(shard);
        command.Parameters[2].Value = TimeProvider.System.GetUtcNow().UtcDateTime;
        command.Parameters[3].Value = id;
        command.Parameters[4].Value = version;
        command.Parameters[5].Value = events;
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
