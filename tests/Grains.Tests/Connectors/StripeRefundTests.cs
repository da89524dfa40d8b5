using System.Net;
using System.Text;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Connectors.Stripe;
using OrleansPayments.Grains.Tests.Payments;
using static OrleansPayments.Grains.Tests.Connectors.StripeSamples;

namespace OrleansPayments.Grains.Tests.Connectors;

/// <summary>Stripe's answers to refunds and to questions after them.</summary>
public sealed class StripeRefundTests
{
    private const string Ours = """ "metadata":{"refund":"pay_014d2pf2dbsqqg28t5cy4trzff-1-refund-2"} """;

    private static readonly RefundRequest Request = new(new(Attempt, "refund", 2), "pi_1", Samples.Usd(99));
    private static readonly RefundInquiry Lost = new(Request.Reference, "pi_1", null, Request.Amount);
    private static readonly RefundInquiry Known = Lost with { RefundReference = "re_1" };

    public static TheoryData<string, string> Refunds => new()
    {
        { Refund("succeeded"), "Succeeded re_1 99" },
        { Refund("pending"), "Pending re_1" },
        { Refund("requires_action"), "Pending re_1" },
        { Refund("failed"), "Failed re_1 refund_failed DoNotRetry" },
        { Refund("failed", ",\"failure_reason\":\"lost_or_stolen_card\""), "Failed re_1 refund_failed DoNotRetry" },
        { Refund("failed", ",\"failure_reason\":\"insufficient_funds\""), "Failed re_1 refund_failed RetryLater" },
        { Refund("canceled"), "Failed re_1 refund_canceled_at_connector RetryLater" },
        { Refund("dancing"), "Unknown contradictory_answer" },
        { Refund("succeeded").Replace("99", "98", StringComparison.Ordinal), "Unknown contradictory_answer" },
        { Refund("succeeded").Replace("usd", "eur", StringComparison.Ordinal), "Unknown contradictory_answer" },
        { Refund("succeeded").Replace("pi_1", "pi_2", StringComparison.Ordinal), "Unknown contradictory_answer" },
        { Refund("succeeded").Replace("refund-2", "refund-1", StringComparison.Ordinal), "Unknown contradictory_answer" },
        { Refund("succeeded").Replace("metadata", "meta", StringComparison.Ordinal), "Unknown contradictory_answer" },
    };

    [Theory]
    [MemberData(nameof(Refunds))]
    public void Only_an_agreeing_refund_decides(string refund, string expected)
    {
        Assert.Equal(expected, Describe(StripeAnswers.ToRefund(HttpStatusCode.OK, Bytes(refund), Request)));
        Assert.Equal(expected, Describe(StripeAnswers.ToFoundRefund(HttpStatusCode.OK, Bytes(refund), Known)));
    }

    [Theory]
    [InlineData(200, "", "Unknown malformed_answer")]
    [InlineData(200, """{"id":"re_1","amou""", "Unknown malformed_answer")]
    [InlineData(200, "[]", "Unknown malformed_answer")]
    [InlineData(201, "{}", "Unknown malformed_answer")]
    [InlineData(400, """{"error":{"type":"invalid_request_error","code":"charge_already_refunded"}}""", "Refused connector_refused_refund")]
    [InlineData(400, """{"error":{"type":"invalid_request_error","param":"amount"}}""", "Refused connector_refused_refund")]
    [InlineData(400, """{"error":{"type":"invalid_request_error","code":"balance_insufficient"}}""", "Refused connector_balance_insufficient")]
    [InlineData(402, """{"error":{"type":"card_error","code":"charge_disputed"}}""", "Refused connector_refused_refund")]
    [InlineData(400, """{"error":{"type":"idempotency_error"}}""", "Unknown idempotency_conflict")]
    [InlineData(400, """{"error":{"type":"api_error"}}""", "Unknown unexpected_status")]
    [InlineData(401, """{"error":{"type":"invalid_request_error"}}""", "NotSent connector_credentials_refused")]
    [InlineData(403, """{"error":{"type":"invalid_request_error"}}""", "NotSent connector_credentials_refused")]
    [InlineData(404, """{"error":{"type":"invalid_request_error","code":"resource_missing"}}""", "Unknown unexpected_status")]
    [InlineData(409, """{"error":{"type":"idempotency_error"}}""", "Unknown still_running")]
    [InlineData(429, """{"error":{"type":"rate_limit_error"}}""", "NotSent connector_rate_limited")]
    [InlineData(302, "", "Unknown malformed_answer")]
    [InlineData(500, """{"error":{"type":"api_error"}}""", "Unknown server_error")]
    [InlineData(503, "", "Unknown server_error")]
    public void Only_a_whole_answer_decides_a_refund(int status, string body, string expected) =>
        Assert.Equal(expected, Describe(StripeAnswers.ToRefund((HttpStatusCode)status, Bytes(body), Request)));

    [Theory]
    [InlineData(404, """{"error":{"type":"invalid_request_error"}}""", "Unknown inquiry_refused")]
    [InlineData(401, """{"error":{"type":"invalid_request_error"}}""", "Unknown inquiry_refused")]
    [InlineData(500, "", "Unknown inquiry_refused")]
    [InlineData(200, "", "Unknown malformed_answer")]
    [InlineData(200, """{"id":"re_2"}""", "Unknown contradictory_answer")]
    public void That_Stripe_forgot_its_own_refund_proves_nothing(int status, string body, string expected) =>
        Assert.Equal(expected, Describe(StripeAnswers.ToFoundRefund((HttpStatusCode)status, Bytes(body), Known)));

    [Theory]
    [InlineData(200, """{"data":[],"has_more":false}""", "NotFound", null)]
    [InlineData(200, """{"data":[{"id":"re_0","metadata":{"refund":"pay_014d2pf2dbsqqg28t5cy4trzff-1-refund-1"}},{"id":"re_9","metadata":{}},{"id":"re_8"}],"has_more":false}""", "NotFound", null)]
    [InlineData(200, """{"data":[{"id":"re_0"},%R],"has_more":false}""", "Succeeded re_1 99", null)]
    [InlineData(200, """{"data":[{"id":"re_0"}],"has_more":true}""", "NotFound", "re_0")]
    [InlineData(200, """{"data":[%R,{"id":"re_0"}],"has_more":true}""", "Succeeded re_1 99", "re_0")]
    [InlineData(200, """{"data":[%R,%R],"has_more":false}""", "Unknown contradictory_answer", null)]
    [InlineData(200, """{"data":[],"has_more":true}""", "Unknown malformed_answer", null)]
    [InlineData(200, """{"data":[]}""", "Unknown malformed_answer", null)]
    [InlineData(200, """{"data":null,"has_more":false}""", "Unknown malformed_answer", null)]
    [InlineData(200, """{"data":[{}],"has_more":false}""", "Unknown malformed_answer", null)]
    [InlineData(200, """{"data":[7],"has_more":false}""", "Unknown malformed_answer", null)]
    [InlineData(200, "{", "Unknown malformed_answer", null)]
    [InlineData(400, """{"error":{"type":"invalid_request_error"}}""", "Unknown inquiry_refused", null)]
    [InlineData(404, """{"error":{"type":"invalid_request_error"}}""", "Unknown inquiry_refused", null)]
    [InlineData(500, "", "Unknown inquiry_refused", null)]
    public void A_list_proves_absence_only_when_it_was_read_to_its_end(int status, string body, string expected, string? expectedNext)
    {
        var page = StripeAnswers.ToRefundPage((HttpStatusCode)status, Bytes(body.Replace("%R", Refund("succeeded"), StringComparison.Ordinal)), Lost, out var next);
        Assert.Equal((expected, expectedNext), (Describe(page), next));
    }

    [Fact]
    public async Task A_list_without_end_is_left_after_a_thousand_refunds()
    {
        var handler = new RecordingHandler(_ => """{"data":[{"id":"re_0"}],"has_more":true}""");
        var found = await Provider(handler).FindRefund(Access(), Lost, CancellationToken.None);
        Assert.Equal("Unknown too_many_refunds", Describe(found));
        Assert.Equal(
            ["GET /v1/refunds?payment_intent=pi_1&limit=100", .. Enumerable.Repeat("GET /v1/refunds?payment_intent=pi_1&limit=100&starting_after=re_0", 9)],
            handler.Requests.Select(request => request.Call));
    }

    [Fact]
    public async Task Two_refunds_of_one_name_on_two_pages_are_contradictory()
    {
        var pages = 0;
        var handler = new RecordingHandler(_ => """{"data":[%R],"has_more":%M}"""
            .Replace("%R", Refund("succeeded"), StringComparison.Ordinal).Replace("%M", ++pages == 1 ? "true" : "false", StringComparison.Ordinal));
        Assert.Equal("Unknown contradictory_answer", Describe(await Provider(handler).FindRefund(Access(), Lost, CancellationToken.None)));
    }

    [Fact]
    public async Task An_amount_that_Stripe_cannot_express_is_not_sent()
    {
        var handler = new RecordingHandler(_ => "{}");
        var dinar = Money.FromMinorUnits(1234, Currency.Parse("KWD"));
        Assert.Equal("Refused amount_not_supported", Describe(await Provider(handler).Refund(Access(), Request with { Amount = dinar }, CancellationToken.None)));
        Assert.Empty(handler.Requests);
    }

    private static string Refund(string status, string more = "") =>
        $$"""{"id":"re_1","object":"refund","amount":99,"currency":"usd","payment_intent":"pi_1","status":"{{status}}",{{Ours}}{{more}}}""";

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
