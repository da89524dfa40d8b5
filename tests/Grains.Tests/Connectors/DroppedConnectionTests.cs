using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Connectors.Http;
using OrleansPayments.Grains.Connectors.Stripe;
using OrleansPayments.Grains.Tests.Payments;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Tests.Connectors;

/// <summary>
/// A provider that reads a charge over a reused connection and drops it without a word. Were the handler to send the charge again by itself, the refusal of that
/// second sending would be taken for the answer to the first.
/// </summary>
public sealed class DroppedConnectionTests
{
    [Theory]
    [InlineData(false, "Rejected")]
    [InlineData(true, "Unknown")]
    public async Task A_charge_is_sent_once_and_a_drop_is_not_a_refusal(bool drop, string expected)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var provider = Serve(listener, drop, limit.Token);
        using var handler = new SocketsHttpHandler();
        using var invoker = new HttpMessageInvoker(handler);
        var stripe = new StripeProvider(new ProviderHttp(invoker));
        var access = new ConnectorAccess(Samples.CardA, new ConnectorCredentials(ImmutableSortedDictionary<string, string>.Empty
            .Add("secret_key", "sk_test_a").Add("base_url", $"http://{listener.LocalEndpoint}")));
        var reference = new AttemptReference(Samples.Id, 1);

        // Leaves a connection to be reused.
        Assert.IsType<ChargeResult.NotFound>(await stripe.FindCharge(access, new ChargeInquiry(reference, null, Samples.Amount, CaptureMethod.Automatic), limit.Token));
        var result = await stripe.Charge(
            access,
            new ChargeRequest
            {
                PaymentId = Samples.Id,
                MerchantId = Samples.Merchant,
                Reference = reference,
                Amount = Samples.Amount,
                Card = new CardDetails("4242424242424242", 12, 2030, "123", null),
                CaptureMethod = CaptureMethod.Automatic,
            },
            limit.Token);

        Assert.Equal(expected, result.GetType().Name);
        await provider;
        Assert.False(listener.Pending(), "The handler sent the charge again by itself.");
        if (drop) Assert.Equal("connection_lost", ((ChargeResult.Unknown)result).Reason);
    }

    // Answers a search, then reads a charge over the same connection and refuses it or says nothing.
    private static async Task Serve(TcpListener listener, bool drop, CancellationToken limit)
    {
        using var client = await listener.AcceptTcpClientAsync(limit);
        await ReadRequest(client.GetStream(), limit);
        await Answer(client.GetStream(), "200 OK", """{"data":[]}""", limit);
        await ReadRequest(client.GetStream(), limit);
        if (!drop) await Answer(client.GetStream(), "401 Unauthorized", """{"error":{"type":"invalid_request_error"}}""", limit);
    }

    private static async Task ReadRequest(NetworkStream stream, CancellationToken limit)
    {
        var buffer = new byte[16 * 1024];
        var text = "";
        while (true)
        {
            text += Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer, limit));
            var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head < 0) continue;

            const string Length = "Content-Length: ";
            var at = text.IndexOf(Length, StringComparison.Ordinal);
            var body = at < 0 ? 0 : int.Parse(text[(at + Length.Length)..text.IndexOf("\r\n", at, StringComparison.Ordinal)], null);
            if (text.Length >= head + 4 + body) return;
        }
    }

    private static async Task Answer(NetworkStream stream, string status, string body, CancellationToken limit) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"), limit);
}
