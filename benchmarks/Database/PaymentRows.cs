using System.Text;
using Npgsql;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Silo.Persistence.PaymentList;

namespace OrleansPayments.Benchmarks.Database;

/// <summary>
/// The rows that a payment leaves: two in the journal and one in the payments list, taken from a payment that a real silo made. Others are the same bytes with
/// another id in them.
/// </summary>
internal sealed class PaymentRows
{
    private readonly byte[] _opened;
    private readonly byte[] _captured;
    private readonly List<(int Offset, int Length)> _idsInOpened;
    private readonly List<(int Offset, int Length)> _idsInCaptured;
    private readonly ListState _listOpened;
    private readonly ListState _listCaptured;

    private PaymentRows(string template, byte[] opened, byte[] captured)
    {
        _opened = opened;
        _captured = captured;
        _idsInOpened = Find(opened, template);
        _idsInCaptured = Find(captured, template);
        var id = PaymentId.Parse(template);
        var first = PaymentHistory.Empty.With(id, new JournalEntry(1, DateTimeOffset.UnixEpoch, opened));
        _listOpened = ListState.Of(first, template);
        _listCaptured = ListState.Of(first.With(id, new JournalEntry(2, DateTimeOffset.UnixEpoch, captured)), template);
    }

    public int OpenedBytes => _opened.Length;

    public int CapturedBytes => _captured.Length;

    public static async Task<PaymentRows> CaptureAsync(DatabaseServer server, WorkFolder folder, CancellationToken cancellation)
    {
        var database = await server.CreateDatabaseAsync("template", cancellation);
        string id;
        await using (var silo = await InProcessSilo.StartAsync(folder, database, cancellation)) id = await silo.PayAsync();

        byte[][] events;
        await using (var connection = new NpgsqlConnection(database))
        {
            await connection.OpenAsync(cancellation);
            await using var command = new NpgsqlCommand("SELECT array_agg(events::text ORDER BY version) FROM payments.journal WHERE entity = $1", connection);
            command.Parameters.Add(new() { Value = id });
            events = [.. ((string[])(await command.ExecuteScalarAsync(cancellation))!).Select(Encoding.UTF8.GetBytes)];
        }

        await server.DropDatabaseAsync(database);
        if (events.Length != 2) throw new InvalidOperationException($"A payment writes {events.Length} journal rows; the comparison is built on 2.");
        return new PaymentRows(id, events[0], events[1]);
    }

    public byte[] Opened(string id) => Patch(_opened, _idsInOpened, id);

    public byte[] Captured(string id) => Patch(_captured, _idsInCaptured, id);

    /// <summary>The payment's row in the list after its first version.</summary>
    public ListRow ListOpened(string id) => _listOpened.For(id);

    /// <summary>The payment's row in the list after its second version.</summary>
    public ListRow ListCaptured(string id) => _listCaptured.For(id);

    private static byte[] Patch(byte[] template, List<(int Offset, int Length)> places, string id)
    {
        var row = template.AsSpan().ToArray();
        foreach (var (offset, length) in places) Encoding.ASCII.GetBytes(id.AsSpan(PaymentId.Prefix.Length, length), row.AsSpan(offset, length));
        return row;
    }

    // The id itself is the row's entity; inside the events it appears without its prefix, in ids derived from it, whole or shortened.
    private static List<(int Offset, int Length)> Find(byte[] row, string id)
    {
        var whole = Encoding.ASCII.GetBytes(id[PaymentId.Prefix.Length..]);
        var start = whole.AsSpan(0, InMemoryProvider.ReferenceLength);
        var places = new List<(int, int)>();
        for (var offset = 0; offset <= row.Length - start.Length; offset++)
        {
            if (!row.AsSpan(offset).StartsWith(start)) continue;
            places.Add((offset, row.AsSpan(offset).StartsWith(whole) ? whole.Length : start.Length));
        }

        return places;
    }

    private sealed record ListState(ListRow Template, byte[] State, List<(int Offset, int Length)> Ids)
    {
        public static ListState Of(PaymentHistory history, string template)
        {
            var view = history.View!;
            var state = Encoding.UTF8.GetBytes(history.ToJson());
            var row = new ListRow(template, view.MerchantId.Value, view.MerchantOrderId, view.CustomerId, PaymentListProjection.StatusText(view.Status), view.Connector, view.Version, "");
            return new ListState(row, state, Find(state, template));
        }

        public ListRow For(string id) => Template with { Id = id, State = Encoding.UTF8.GetString(Patch(State, Ids, id)) };
    }
}

/// <summary>A row of the payments list.</summary>
internal sealed record ListRow(
    string Id, string MerchantId, string? MerchantOrderId, string? CustomerId, string Status, string? Connector, int Version, string State);
