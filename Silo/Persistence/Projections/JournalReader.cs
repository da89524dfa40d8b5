using Npgsql;

namespace OrleansPayments.Silo.Persistence.Projections;

/// <summary>Reads on in the journal.</summary>
internal static class JournalReader
{
    // The fence makes the commits of a shard happen in the order of their positions, so what can be seen of a shard has no gap that fills up later.
    private const string Next = """
        SELECT j.shard, j.position, j.entity, j.version, j.recorded_at, j.events
        FROM unnest($1, $2) AS seen (shard, position)
        CROSS JOIN LATERAL (
            SELECT * FROM payments.journal AS j WHERE j.shard = seen.shard AND j.position > seen.position ORDER BY j.position LIMIT $3
        ) AS j
        ORDER BY j.shard, j.position
        """;

    /// <summary>The next rows of each shard beyond a position, in order of shard and position, at most <paramref name="perShard"/> of each.</summary>
    public static async Task<List<JournalRow>> ReadAsync(
        NpgsqlConnection connection, int[] shards, long[] seen, int perShard, CancellationToken cancellation)
    {
        await using var query = new NpgsqlCommand(Next, connection);
        query.Parameters.Add(new() { Value = shards });
        query.Parameters.Add(new() { Value = seen });
        query.Parameters.Add(new() { Value = perShard });
        await using var reader = await query.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var rows = new List<JournalRow>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            rows.Add(new JournalRow(
                reader.GetInt32(0),
                reader.GetInt64(1),
                reader.GetString(2),
                reader.GetInt32(3),
                new DateTimeOffset(reader.GetDateTime(4), TimeSpan.Zero),
                reader.GetFieldValue<byte[]>(5)));
        }

        return rows;
    }
}
