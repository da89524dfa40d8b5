using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace OrleansPayments.Benchmarks.Load;

/// <summary>Payments over HTTP, each with an idempotency key of its own, on as many connections as callers.</summary>
internal sealed class PaymentLoad(Uri silo, string apiKey, LoadWindow window, string run)
{
    private const int NumberDigits = 10;
    private const int IdLength = 30;
    private const int MaxReconnects = 20;

    private readonly ConcurrentQueue<string> _captured = new();
    private readonly ConcurrentQueue<List<TimeSpan>> _samples = new();
    private long _count;
    private long _numbers;

    public ErrorCounts Errors { get; } = new();

    public long Count => Interlocked.Read(ref _count);

    /// <summary>The payments that were answered 201 and captured, those of the warm-up included.</summary>
    public IReadOnlyCollection<string> Captured => _captured;

    /// <summary>Of answers that came within the measured time.</summary>
    public Latencies? Latencies => Load.Latencies.Of(_samples.SelectMany(samples => samples));

    /// <summary>One caller: it sends the next payment when the last one was answered.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var request = new RequestText(silo, apiKey, run);
        var samples = new List<TimeSpan>();
        _samples.Enqueue(samples);
        for (var connections = 0; connections < MaxReconnects && !window.IsOver; connections++)
        {
            try
            {
                using var connection = await KeepAliveConnection.OpenAsync(silo, cancellation);
                while (!window.IsOver) await PayAsync(connection, request, samples, cancellation);
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                Errors.Add(e.GetType().Name + ": " + e.Message);
            }
        }

        if (!window.IsOver) throw new InvalidOperationException($"A caller lost {MaxReconnects} connections: {string.Join("; ", Errors.Counts.Keys)}");
    }

    private async Task PayAsync(KeepAliveConnection connection, RequestText request, List<TimeSpan> samples, CancellationToken cancellation)
    {
        var bytes = request.Numbered(Interlocked.Increment(ref _numbers));
        var started = TimeProvider.System.GetTimestamp();
        var (status, body) = await connection.SendAsync(bytes, cancellation);
        if (window.IsCounting) samples.Add(TimeProvider.System.GetElapsedTime(started));
        if (status == 201 && CapturedId(body.Span) is { } id)
        {
            Interlocked.Increment(ref _count);
            _captured.Enqueue(id);
            return;
        }

        Errors.Add(string.Create(CultureInfo.InvariantCulture, $"{status} {Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, 120)])}"));
    }

    private static string? CapturedId(ReadOnlySpan<byte> body)
    {
        var start = "{\"id\":\""u8;
        if (!body.StartsWith(start) || body.Length < start.Length + IdLength) return null;
        return body.IndexOf("\"status\":\"captured\""u8) < 0 ? null : Encoding.ASCII.GetString(body.Slice(start.Length, IdLength));
    }

    /// <summary>A request in which only the number changes, which is in the idempotency key and in the order id.</summary>
    private sealed class RequestText
    {
        private readonly byte[] _bytes;
        private readonly List<int> _places = [];

        public RequestText(Uri silo, string apiKey, string run)
        {
            var number = new string('#', NumberDigits);
            var body = "{\"amount\":1099,\"currency\":\"USD\",\"merchant_order_id\":\"order-" + number + "\",\"payment_method\":{\"type\":\"card\",\"card\":"
                + "{\"number\":\"4242424242424242\",\"exp_month\":12,\"exp_year\":2035,\"cvc\":\"123\"}}}";
            var text = string.Join("\r\n",
                "POST /api/v1/payments HTTP/1.1", "Host: " + silo.Authority, "Authorization: Bearer " + apiKey, "Content-Type: application/json",
                $"Idempotency-Key: {run}-{number}", "Content-Length: " + body.Length.ToString(CultureInfo.InvariantCulture), "", body);
            _bytes = Encoding.ASCII.GetBytes(text);
            for (var at = text.IndexOf(number, StringComparison.Ordinal); at >= 0; at = text.IndexOf(number, at + 1, StringComparison.Ordinal)) _places.Add(at);
        }

        public ReadOnlyMemory<byte> Numbered(long number)
        {
            foreach (var place in _places) number.TryFormat(_bytes.AsSpan(place, NumberDigits), out _, "D10", CultureInfo.InvariantCulture);
            return _bytes;
        }
    }
}
