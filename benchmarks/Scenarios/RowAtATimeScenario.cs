using Npgsql;
using NpgsqlTypes;
using OrleansPayments.Benchmarks.Database;
using OrleansPayments.Benchmarks.Load;

namespace OrleansPayments.Benchmarks.Scenarios;

/// <summary>
/// How it is commonly done: each change of a payment is a transaction of its own that writes its rows one by one (the journal's and the list's), over 16
/// connections with prepared statements.
/// </summary>
internal sealed class RowAtATimeScenario(DatabaseServer server, PaymentRows rows) : IScenario
{
    public const string Name = "row";

    private const int Connections = 16;

    private const string Insert =
        "INSERT INTO copy.journal (shard, position, epoch, recorded_at, entity, version, events) VALUES ($1, $2, 1, $3, $4, $5, $6)";

    private const string InsertListed = """
        INSERT INTO payments.payment_list (id, merchant_id, created_at, merchant_order_id, customer_id, status, connector, version, state)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """;

    private const string UpdateListed = "UPDATE payments.payment_list SET status = $2, connector = $3, version = $4, state = $5 WHERE id = $1";

    private long _payments;

    public async Task<RoundResult> RunAsync(LoadWindow window, CancellationToken cancellation)
    {
        _payments = 0;
        await using var table = await JournalCopy.CreateAsync(server, Name, cancellation);
        var cpu = new CpuUsage(("benchmark", Environment.ProcessId, false), ("postgres", server.ProcessId, true));
        Task[] workers = [.. Enumerable.Range(0, Connections).Select(_ => Task.Run(() => WriteAsync(table, window, cancellation), cancellation))];
        var measured = await window.MeasureAsync(workers, () => Interlocked.Read(ref _payments), cpu, cancellation);
        var found = await table.CountAsync(cancellation);
        if (found != _payments * 3) throw new InvalidOperationException($"{_payments} payments were counted and {found} rows are there.");
        return RoundResult.OfRows(Name, measured);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task WriteAsync(JournalCopy table, LoadWindow window, CancellationToken cancellation)
    {
        await using var connection = await table.OpenAsync(cancellation);
        await using var command = await JournalCopy.PrepareAsync(
            connection, Insert, cancellation, NpgsqlDbType.Integer, NpgsqlDbType.Bigint, NpgsqlDbType.TimestampTz, NpgsqlDbType.Text, NpgsqlDbType.Integer,
            NpgsqlDbType.Json);
        await using var insertListed = await JournalCopy.PrepareAsync(
            connection, InsertListed, cancellation, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.TimestampTz, NpgsqlDbType.Text, NpgsqlDbType.Text,
            NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Integer, NpgsqlDbType.Text);
        await using var updateListed = await JournalCopy.PrepareAsync(
            connection, UpdateListed, cancellation, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Integer, NpgsqlDbType.Text);
        var bits = new byte[16];
        while (!window.IsOver)
        {
            Random.Shared.NextBytes(bits);
            var id = PaymentId.FromBits(bits).Value;
            await using (var opening = await connection.BeginTransactionAsync(cancellation))
            {
                await InsertAsync(command, table, id, 1, rows.Opened(id), cancellation);
                await InsertListedAsync(insertListed, rows.ListOpened(id), cancellation);
                await opening.CommitAsync(cancellation);
            }

            await using (var capturing = await connection.BeginTransactionAsync(cancellation))
            {
                await InsertAsync(command, table, id, 2, rows.Captured(id), cancellation);
                await UpdateListedAsync(updateListed, rows.ListCaptured(id), cancellation);
                await capturing.CommitAsync(cancellation);
            }

            Interlocked.Increment(ref _payments);
        }
    }

    private static Task InsertListedAsync(NpgsqlCommand command, ListRow row, CancellationToken cancellation) => ExecuteAsync(
        command, cancellation, row.Id, row.MerchantId, TimeProvider.System.GetUtcNow().UtcDateTime, row.MerchantOrderId, row.CustomerId, row.Status, row.Connector,
        row.Version, row.State);

    private static Task UpdateListedAsync(NpgsqlCommand command, ListRow row, CancellationToken cancellation) =>
        ExecuteAsync(command, cancellation, row.Id, row.Status, row.Connector, row.Version, row.State);

    private static Task InsertAsync(NpgsqlCommand command, JournalCopy table, string id, int version, byte[] events, CancellationToken cancellation)
    {
        var shard = table.Shards.ShardOf(id);
        return ExecuteAsync(command, cancellation, shard, table.NextPosition(shard), TimeProvider.System.GetUtcNow().UtcDateTime, id, version, events);
    }

    private static async Task ExecuteAsync(NpgsqlCommand command, CancellationToken cancellation, params object?[] values)
    {
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
