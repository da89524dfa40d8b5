using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Connectors.Http;
using OrleansPayments.Grains.Connectors.Stripe;
using OrleansPayments.Grains.Tests.Payments;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Tests.Connectors;

/// <summary>What Stripe's side of the adapter's tests is made of; signatures are made here from the protocol's documentation.</summary>
internal static class StripeSamples
{
    public const string Secret = "whsec_of_the_tests";
    public const string Metadata = """ "metadata":{"payment_id":"pay_014d2pf2dbsqqg28t5cy4trzff","attempt":"pay_014d2pf2dbsqqg28t5cy4trzff-1"} """;

    public static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, 500, TimeSpan.Zero);
    public static readonly AttemptReference Attempt = new(Samples.Id, 1);

    public static ConnectorAccess Access(string? webhookSecret = Secret, string baseUrl = "http://127.0.0.1:1", string secretKey = "sk_test_a")
    {
        var values = ImmutableSortedDictionary<string, string>.Empty.Add("secret_key", secretKey).Add("base_url", baseUrl);
        if (webhookSecret is not null) values = values.Add("webhook_secret", webhookSecret);
        return new ConnectorAccess(Samples.CardA, new ConnectorCredentials(values));
    }

    /// <summary>An adapter whose requests a handler of the test answers.</summary>
    public static StripeProvider Provider(HttpMessageHandler handler) => new(new ProviderHttp(new HttpMessageInvoker(handler)));

    public static ChargeRequest Charge(
        Money amount,
        string card = "4242424242424242",
        CaptureMethod capture = CaptureMethod.Automatic,
        string? returnUrl = null,
        string? securityCode = "123",
        string? holder = null,
        string? description = null,
        string? order = null,
        AttemptReference? reference = null) => new()
        {
            PaymentId = (reference ?? Attempt).PaymentId,
            MerchantId = Samples.Merchant,
            Reference = reference ?? Attempt,
            Amount = amount,
            Card = new CardDetails(card, 12, 2030, securityCode, holder),
            CaptureMethod = capture,
            ReturnUrl = returnUrl,
            Description = description,
            MerchantOrderId = order,
        };

    public static string Event(string type, string subject, string id = "evt_1") =>
        $$"""{"id":"{{id}}","object":"event","api_version":"2026-07-29.dahlia","created":1795262400,"data":{"object":{{subject}}},"type":"{{type}}"}""";

    public static string Intent(string status, string more = "", string amount = "1099", string received = "0", string currency = "usd") =>
        $$"""{"id":"pi_1","object":"payment_intent","amount":{{amount}},"amount_received":{{received}},"currency":"{{currency}}","status":"{{status}}",{{Metadata}}{{more}}}""";

    public static string Charge(string captured, string more = "", string status = "succeeded", string intent = "\"pi_1\"") =>
        $$"""{"id":"ch_1","object":"charge","amount":1099,"amount_captured":{{captured}},"captured":{{(captured == "0" ? "false" : "true")}},"currency":"usd","status":"{{status}}","payment_intent":{{intent}},{{Metadata}}{{more}}}""";

    public static string Sign(byte[] body, string secret = Secret, DateTimeOffset? at = null)
    {
        var time = (at ?? Now).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        var signed = Encoding.UTF8.GetBytes(time + ".").Concat(body).ToArray();
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
    }

    public static string Header(byte[] body, string secret = Secret, DateTimeOffset? at = null) =>
        $"t={(at ?? Now).ToUnixTimeSeconds()},v1={Sign(body, secret, at)}";

    public static CallbackReading Read(byte[] body, string? header, string? webhookSecret = Secret, DateTimeOffset? receivedAt = null)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (header is not null) headers["stripe-signature"] = header;
        return Provider(new Unreachable()).ReadCallback(
            Access(webhookSecret), new CallbackRequest { Headers = headers, Body = body, ReceivedAt = receivedAt ?? Now });
    }

    /// <summary>Reads an event whose signature is right.</summary>
    public static CallbackReading ReadSigned(string body) => ReadSigned(Encoding.UTF8.GetBytes(body));

    public static CallbackReading ReadSigned(byte[] body) => Read(body, Header(body));

    /// <summary>A reading in one line: what it is, and what of it decides.</summary>
    public static string Describe(CallbackReading? reading) => reading switch
    {
        CallbackReading.About { Notice: var n } => string.Join(
            ' ', new[] { n.Status.ToString(), n.Amount.MinorUnits.ToString(null, null), n.AmountCaptured.MinorUnits.ToString(null, null), n.Error?.Code, n.NextAction?.Url }.Where(part => part is not null)),
        CallbackReading.Ignored => "Ignored",
        CallbackReading.Malformed malformed => "Malformed " + malformed.Reason,
        CallbackReading.Refused refused => "Refused " + refused.Reason,
        _ => "nothing",
    };

    public static string Describe(RefundResult result) => result switch
    {
        RefundResult.Succeeded succeeded => $"Succeeded {succeeded.RefundReference} {succeeded.Amount.MinorUnits}",
        RefundResult.Pending pending => $"Pending {pending.RefundReference}",
        RefundResult.Failed failed => $"Failed {failed.RefundReference} {failed.Error.Code} {failed.Error.Advice}",
        RefundResult.Refused refused => $"Refused {refused.Error.Code}",
        RefundResult.NotSent notSent => $"NotSent {notSent.Error.Code}",
        RefundResult.Unknown unknown => $"Unknown {unknown.Reason}",
        _ => result.GetType().Name,
    };

    private sealed class Unreachable : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Reading a callback sends nothing.");
    }
}

/// <summary>Answers every request alike and keeps what was asked.</summary>
internal sealed class RecordingHandler(Func<HttpRequestMessage, string> answer) : HttpMessageHandler
{
    /// <summary>Method and path, idempotency key, body.</summary>
    public List<(string Call, string? Key, string Body)> Requests { get; } = [];

    public string? Version { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var key = request.Headers.TryGetValues("Idempotency-Key", out var keys) ? string.Join('|', keys) : null;
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        Version = string.Join('|', request.Headers.GetValues("Stripe-Version"));
        Requests.Add(($"{request.Method} {request.RequestUri!.PathAndQuery}", key, body));
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer(request)) };
    }
}
