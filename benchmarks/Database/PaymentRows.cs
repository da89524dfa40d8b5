using System.Text;
using Npgsql;

namespace OrleansPayments.Benchmarks.Database;

/// <summary>
/// The two journal rows of a payment, taken from a payment that a real silo made. Others are the same bytes with another id in them.
/// </summary>
internal sealed class PaymentRows
{
    private readonly byte[] _opened;
    private readonly byte[] _captured;
    private readonly List<(int Offset, int Length)> _idsInOpened;
    private readonly List<(int Offset, int Length)> _idsInCaptured;

    private PaymentRows(string template, byte[] opened, byte[] captured)
    {
        _opened = opened;
        _captured = captured;
        _idsInOpened = Find(opened, template);
        _idsInCaptured = Find(captured, template);
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
}
