using Npgsql;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Grains.Routing.Replay;
using OrleansPayments.Grains.Shared.Journal;

namespace OrleansPayments.Silo.Persistence.RoutingHistory;

/// <summary>
/// Past routing decisions, read from the journal itself. It needs no table of its own: within a shard positions are consecutive and moments never go back, so the
/// place of a moment is found by halving, and what lies between two positions never changes.
/// </summary>
internal sealed class PostgresRoutingHistory(PaymentsDatabase database) : IRoutingHistory
{
    private const string Heads = "SELECT id, head FROM payments.shard ORDER BY id";

    private const string Moments = """
        SELECT asked.ordinal, j.recorded_at
        FROM unnest($1, $2) WITH ORDINALITY AS asked (shard, position, ordinal)
        JOIN payments.journal AS j ON j.shard = asked.shard AND j.position = asked.position
        """;

    // The limit keeps the inner part a walk along the key, whatever the planner thinks of its length. A merchant stands in a payment's first entry only. Texts that
    // somebody gave may look like the mark: in other entities they mean nothing, and in a payment's entry none becomes a decision.
    private const string Decisions = $"""
        SELECT j.entity, j.version, j.events, j.recorded_at
        FROM unnest($1, $2, $3) AS span (shard, after, last)
        CROSS JOIN LATERAL (
            SELECT j.position, j.entity, j.version, j.events, j.recorded_at FROM payments.journal AS j
            WHERE j.shard = span.shard AND j.position > span.after AND j.position <= span.last ORDER BY j.position LIMIT $4
        ) AS j
        WHERE starts_with(j.entity, '{PaymentId.Prefix}') AND j.events::text LIKE '%{PastRoutes.DecisionMark}%' AND (j.version > 1 OR $5 = '' OR strpos(j.events::text, $5) > 0)
        ORDER BY span.shard, j.position
        """;

    private const string Earlier = $"""
        SELECT entity, version, events, recorded_at FROM payments.journal
        WHERE entity = ANY ($1) AND (version = 1 OR events::text LIKE '%{PastRoutes.CardMark}%')
        ORDER BY entity, version
        """;

    public Task<RoutingHistoryPlace> OpenAsync(DateTimeOffset from, DateTimeOffset until) => WithConnectionAsync(async connection =>
    {
        var heads = await ReadHeadsAsync(connection).ConfigureAwait(false);
        var after = await FindAsync(connection, heads, from).ConfigureAwait(false);
        var last = await FindAsync(connection, heads, until).ConfigureAwait(false);
        return new RoutingHistoryPlace([.. heads.Select((head, at) => new RoutingHistorySpan(head.Shard, after[at], last[at])).Where(span => span.Last > span.After)]);
    });

    public Task<RoutingHistoryPage> ReadAsync(RoutingHistoryPlace place, MerchantId? merchant, int rows) => WithConnectionAsync(async connection =>
    {
        var spans = Portions(place, rows);
        var entries = await ReadEntriesAsync(connection, spans, merchant).ConfigureAwait(false);
        var earlier = await ReadEarlierAsync(connection, entries).ConfigureAwait(false);
        var decisions = new List<PastDecision>(entries.Count);
        foreach (var entry in entries) Read(entry, earlier, merchant, decisions);
        return new RoutingHistoryPage(decisions, Behind(place, spans));
    });

    // In the ratio of what is left, so that all shards come to their ends together: entries that were written at a time lie together, and are read at a time.
    private static RoutingHistorySpan[] Portions(RoutingHistoryPlace place, int rows)
    {
        var all = (double)place.RowsLeft;
        var budget = (long)rows;
        var portions = new RoutingHistorySpan[place.Left.Length];
        foreach (var at in Enumerable.Range(0, portions.Length).OrderByDescending(at => place.Left[at].Last - place.Left[at].After))
        {
            var span = place.Left[at];
            var left = span.Last - span.After;
            var portion = Math.Min(budget, Math.Min(left, (long)Math.Ceiling(rows * (left / all))));
            portions[at] = span with { Last = span.After + portion };
            budget -= portion;
        }

        return portions;
    }

    private static RoutingHistoryPlace Behind(RoutingHistoryPlace place, RoutingHistorySpan[] read) =>
        new([.. place.Left.Select((span, at) => span with { After = read[at].Last }).Where(span => span.Last > span.After)]);

    private static void Read(Entry entry, Dictionary<string, List<Entry>> earlier, MerchantId? merchant, List<PastDecision> decisions)
    {
        if (!PaymentId.TryParse(entry.Entity, out var id)) throw new InvalidDataException($"{entry.Entity} was routed and is no payment.");
        var routes = new PastRoutes(id);
        if (entry.Version > 1)
        {
            foreach (var before in earlier.GetValueOrDefault(entry.Entity, []).Where(one => one.Version < entry.Version)) routes.Read(before.Events, before.RecordedAt);
        }

        var found = routes.Read(entry.Events, entry.RecordedAt);
        if (merchant is not null && routes.MerchantId != merchant) return;
        foreach (var (request, decision) in found) decisions.Add(new PastDecision(request, decision));
    }

    private static async Task<List<(int Shard, long Position)>> ReadHeadsAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(Heads, connection);
        await using var reader = await command.ExecuteReaderAsync().ConfigureAwait(false);
        var heads = new List<(int, long)>();
        while (await reader.ReadAsync().ConfigureAwait(false)) heads.Add((reader.GetInt32(0), reader.GetInt64(1)));
        return heads;
    }

    // The last position of each shard that was recorded before the moment; 0 where there is none.
    private static async Task<long[]> FindAsync(NpgsqlConnection connection, List<(int Shard, long Position)> heads, DateTimeOffset moment)
    {
        var least = new long[heads.Count];
        var most = heads.Select(head => head.Position).ToArray();
        while (true)
        {
            var open = Enumerable.Range(0, heads.Count).Where(at => least[at] < most[at]).ToArray();
            if (open.Length == 0) return least;

            var middles = open.Select(at => least[at] + ((most[at] - least[at] + 1) / 2)).ToArray();
            var moments = await ReadMomentsAsync(connection, [.. open.Select(at => heads[at].Shard)], middles).ConfigureAwait(false);
            for (var i = 0; i < open.Length; i++)
            {
                if (moments[i] < moment) least[open[i]] = middles[i];
                else most[open[i]] = middles[i] - 1;
            }
        }
    }

    private static async Task<DateTimeOffset[]> ReadMomentsAsync(NpgsqlConnection connection, int[] shards, long[] positions)
    {
        await using var command = new NpgsqlCommand(Moments, connection);
        command.Parameters.Add(new() { Value = shards });
        command.Parameters.Add(new() { Value = positions });
        await using var reader = await command.ExecuteReaderAsync().ConfigureAwait(false);
        var moments = new DateTimeOffset[shards.Length];
        var found = 0;
        for (; await reader.ReadAsync().ConfigureAwait(false); found++) moments[reader.GetInt64(0) - 1] = new DateTimeOffset(reader.GetDateTime(1), TimeSpan.Zero);
        return found == moments.Length ? moments : throw new InvalidDataException("The journal has not all the rows that its shards count.");
    }

    private static async Task<List<Entry>> ReadEntriesAsync(NpgsqlConnection connection, RoutingHistorySpan[] spans, MerchantId? merchant)
    {
        await using var command = new NpgsqlCommand(Decisions, connection);
        command.Parameters.Add(new() { Value = spans.Select(span => span.Shard).ToArray() });
        command.Parameters.Add(new() { Value = spans.Select(span => span.After).ToArray() });
        command.Parameters.Add(new() { Value = spans.Select(span => span.Last).ToArray() });
        command.Parameters.Add(new() { Value = spans.Max(span => span.Last - span.After) });
        command.Parameters.Add(new() { Value = merchant?.Value ?? "" });
        return await ReadAsync(command).ConfigureAwait(false);
    }

    // Payments that were created first and routed later are the fewest.
    private static async Task<Dictionary<string, List<Entry>>> ReadEarlierAsync(NpgsqlConnection connection, List<Entry> entries)
    {
        var entities = entries.Where(entry => entry.Version > 1).Select(entry => entry.Entity).Distinct(StringComparer.Ordinal).ToArray();
        if (entities.Length == 0) return [];

        await using var command = new NpgsqlCommand(Earlier, connection);
        command.Parameters.Add(new() { Value = entities });
        var found = await ReadAsync(command).ConfigureAwait(false);
        return found.GroupBy(entry => entry.Entity, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
    }

    private static async Task<List<Entry>> ReadAsync(NpgsqlCommand command)
    {
        await using var reader = await command.ExecuteReaderAsync().ConfigureAwait(false);
        var entries = new List<Entry>();
        while (await reader.ReadAsync().ConfigureAwait(false)) entries.Add(EntryOf(reader));
        return entries;
    }

    private static Entry EntryOf(NpgsqlDataReader reader) =>
        new(reader.GetString(0), reader.GetInt32(1), reader.GetFieldValue<byte[]>(2), new DateTimeOffset(reader.GetDateTime(3), TimeSpan.Zero));

    private async Task<T> WithConnectionAsync<T>(Func<NpgsqlConnection, Task<T>> read)
    {
        try
        {
            await using var connection = await database.Source.OpenConnectionAsync().ConfigureAwait(false);
            return await read(connection).ConfigureAwait(false);
        }
        catch (NpgsqlException e) when (Outage.Is(e))
        {
            throw new JournalUnavailableException("Past decisions cannot be read now.", e);
        }
    }

    private readonly record struct Entry(string Entity, int Version, byte[] Events, DateTimeOffset RecordedAt);
}
