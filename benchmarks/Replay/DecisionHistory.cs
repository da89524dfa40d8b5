using System.Globalization;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using OrleansPayments.Benchmarks.Database;
using OrleansPayments.Connectors;
using OrleansPayments.Silo.Persistence.Journal;

namespace OrleansPayments.Benchmarks.Replay;

/// <summary>A journal full of payments: some that a real silo made, among three connectors, and copies of their rows under other ids.</summary>
internal sealed class DecisionHistory(string connectionString)
{
    private const int Templates = 200;

    // A decision's rows are looked for by their own ids, so a copy is the same bytes with another id in them.
    private readonly List<(string Id, string Opened, string Captured)> _templates = [];

    public async Task MakeAsync(WorkFolder folder, int payments, CancellationToken cancellation)
    {
        var ids = new List<string>();
        await using (var silo = await InProcessSilo.StartAsync(folder, connectionString, cancellation))
        {
            await silo.AddConnectorAsync("bench-b", 2, new ConnectorFee("card", "*", 120, 45));
            await silo.AddConnectorAsync("bench-c", 3, new ConnectorFee("card", "*", 250, 5));
            for (var at = 0; at < Templates; at++) ids.Add(await silo.PayAsync(100 + (at * at * 7)));
        }

        await using var connection = new NpgsqlConnection(connectionString + ";Command Timeout=600");
        await connection.OpenAsync(cancellation);
        foreach (var id in ids)
        {
            await using var command = new NpgsqlCommand("SELECT array_agg(events::text ORDER BY version) FROM payments.journal WHERE entity = $1", connection);
            command.Parameters.Add(new() { Value = id });
            var rows = (string[])(await command.ExecuteScalarAsync(cancellation))!;
            if (rows.Length != 2) throw new InvalidOperationException($"A payment writes {rows.Length} journal rows; the history is built on 2.");
            _templates.Add((id[PaymentId.Prefix.Length..], rows[0], rows[1]));
        }

        await CopyAsync(connection, payments - Templates, cancellation);

        // As autovacuum would in time. The list is not what is measured: it is taken to have followed.
        foreach (var sql in new[]
        {
            "UPDATE payments.projection_checkpoint AS c SET position = s.head FROM payments.shard AS s WHERE s.id = c.shard", "VACUUM (ANALYZE) payments.journal", "CHECKPOINT",
        })
        {
#pragma warning disable CA2100 // Constants.
            await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
            try
            {
                await command.ExecuteNonQueryAsync(cancellation);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
            {
                Console.WriteLine($"The role may not {sql.Split(' ')[0]}.");
            }
        }
    }

    private async Task CopyAsync(NpgsqlConnection connection, int payments, CancellationToken cancellation)
    {
        var shards = new ShardMap(ShardMap.DefaultCount);
        var heads = new long[shards.Count];
        var last = DateTime.MinValue;
        await using (var command = new NpgsqlCommand("SELECT id, head, last_recorded_at FROM payments.shard", connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                heads[reader.GetInt32(0)] = reader.GetInt64(1);
                if (reader.GetDateTime(2) is var at && at > last) last = at;
            }
        }

        await using (var writer = await connection.BeginBinaryImportAsync(
            "COPY payments.journal (shard, position, epoch, recorded_at, entity, version, events) FROM STDIN (FORMAT binary)", cancellation))
        {
            var random = new Random(1);
            var bits = new byte[16];
            for (var at = 0; at < payments; at++)
            {
                random.NextBytes(bits);
                var id = PaymentId.FromBits(bits).Value;
                var (template, opened, captured) = _templates[random.Next(_templates.Count)];
                var shard = shards.ShardOf(id);
                foreach (var (version, events) in new[] { (1, opened), (2, captured) })
                {
                    // A microsecond each: the copy takes longer than that, so all are in the past.
                    last = last.AddMicroseconds(1);
                    await writer.StartRowAsync(cancellation);
                    await writer.WriteAsync(shard, NpgsqlDbType.Integer, cancellation);
                    await writer.WriteAsync(++heads[shard], NpgsqlDbType.Bigint, cancellation);
                    await writer.WriteAsync(1L, NpgsqlDbType.Bigint, cancellation);
                    await writer.WriteAsync(last, NpgsqlDbType.TimestampTz, cancellation);
                    await writer.WriteAsync(id, NpgsqlDbType.Text, cancellation);
                    await writer.WriteAsync(version, NpgsqlDbType.Integer, cancellation);
                    await writer.WriteAsync(Copied(events, template, id), NpgsqlDbType.Json, cancellation);
                }
            }

            await writer.CompleteAsync(cancellation);
        }

        await using var moved = new NpgsqlCommand(
            "UPDATE payments.shard AS s SET head = h.head, last_recorded_at = $2 FROM unnest($1) WITH ORDINALITY AS h (head, ordinal) WHERE s.id = h.ordinal - 1", connection);
        moved.Parameters.Add(new() { Value = heads });
        moved.Parameters.Add(new() { Value = last });
        await moved.ExecuteNonQueryAsync(cancellation);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"rows of a payment: opened {Encoding.UTF8.GetByteCount(_templates[0].Opened)} bytes of events, captured {Encoding.UTF8.GetByteCount(_templates[0].Captured)}"));
    }

    private static string Copied(string events, string template, string id) =>
        events.Replace(template, id[PaymentId.Prefix.Length..], StringComparison.Ordinal);
}
