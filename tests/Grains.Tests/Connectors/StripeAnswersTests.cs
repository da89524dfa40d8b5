using System.Net;
using System.Text;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Connectors.Stripe;
using OrleansPayments.Grains.Tests.Payments;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Tests.Connectors;

public sealed class StripeAnswersTests
{
    private static readonly AttemptReference Reference = new(Samples.Id, 1);

    private const string Metadata = """ "metadata":{"attempt":"pay_014d2pf2dbsqqg28t5cy4trzff-1"} """;

    [Theory]
    [InlineData(200, """{"id":"pi_1","amount":1099,"amount_received":1099,"currency":"usd","status":"succeeded",%M}""", "Approved")]
    [InlineData(200, """{"id":"pi_1","amount":1099,"amount_received":0,"currency":"usd","status":"processing",%M}""", "Pending")]
    [InlineData(200, """{"id":"pi_1","amount":1099,"amount_received":0,"currency":"usd","status":"requires_confirmation",%M}""", "Pending")]
    [InlineData(200, """{"id":"pi_1","amount":1099,"amount_received":0,"currency":"usd","status":"requires_action",%M}""", "Unknown contradictory_answer")]
    [InlineData(200, """{"id":"pi_1","amount":1099,"amount_received":0,"currency":"usd","status":"requires_payment_method","last_payment_error":{"code":"card_declined"},%M}""", "Declined")]
    [InlineData(200, """{"id":"pi_1","amount":1099,"amount_received":0,"currency":"usd","status":"canceled",%M}""", "Declined")]
    [InlineData(200, """{"id":"pi_1","amount":1099,"amount_received":0,"currency":"usd","status":"requires_payment_method",%M}""", "Unknown contradictory_answer")]
    [InlineData(200, """{"id":"pi_1","amount":1099,"amount_received":1000,"currency":"usd","status":"succeeded",%M}""", "Unknown contradictory_answer")]
    [InlineData(200, """{"id":"pi_1","amount":1,"amount_received":1,"currency":"usd","status":"succeeded",%M}""", "Unknown contradictory_answer")]
    [InlineData(200, """{"id":"pi_1","amount":1099,"amount_received":1099,"currency":"eur","status":"succeeded",%M}""", "Unknown contradictory_answer")]
    [InlineData(200, """{"id":"pi_1","amount":1099,"amount_received":1099,"currency":"usd","status":"succeeded","metadata":{"attempt":"another"}}""", "Unknown contradictory_answer")]
    [InlineData(200, """{"id":"pi_1","amount":1099,"amount_received":1099,"currency":"usd","status":"dancing",%M}""", "Unknown contradictory_answer")]
    [InlineData(200, """{"id":"pi_1","amount":1099,"amount_rec""", "Unknown malformed_answer")]
    [InlineData(200, "[]", "Unknown malformed_answer")]
    [InlineData(200, "", "Unknown malformed_answer")]
    [InlineData(201, "{}", "Unknown malformed_answer")]
    [InlineData(402, """{"error":{"type":"card_error","code":"card_declined","decline_code":"lost_card","payment_intent":{"id":"pi_1"}}}""", "Declined")]
    [InlineData(402, """{"error":{"type":"card_error","code":"card_declined","payment_intent":{"id":"pi_1","status":"requires_payment_method"}}}""", "Declined")]
    [InlineData(402, """{"error":{"type":"card_error","code":"card_declined","payment_intent":null}}""", "Declined")]
    [InlineData(402, """{"error":{"type":"card_error","code":"card_declined","payment_intent":{"id":"pi_1","status":"succeeded"}}}""", "Unknown contradictory_answer")]
    [InlineData(402, """{"error":{"type":"card_error","code":"card_declined","payment_intent":{"id":"pi_1","status":"requires_action"}}}""", "Unknown contradictory_answer")]
    [InlineData(400, """{"error":{"type":"invalid_request_error","code":"parameter_unknown"}}""", "Rejected connector_refused_request")]
    [InlineData(400, """{"error":{"type":"idempotency_error"}}""", "Unknown idempotency_conflict")]
    [InlineData(401, """{"error":{"type":"invalid_request_error"}}""", "Rejected connector_credentials_refused")]
    [InlineData(403, """{"error":{"type":"invalid_request_error"}}""", "Rejected connector_credentials_refused")]
    [InlineData(404, """{"error":{"type":"invalid_request_error"}}""", "Rejected connector_refused_request")]
    [InlineData(404, "<html>not here</html>", "Unknown malformed_answer")]
    [InlineData(409, """{"error":{"type":"idempotency_error"}}""", "Unknown still_running")]
    [InlineData(418, """{"error":{"type":"teapot"}}""", "Unknown unexpected_status")]
    [InlineData(429, """{"error":{"type":"rate_limit_error"}}""", "Rejected connector_rate_limited")]
    [InlineData(429, """{"error":{"type":"invalid_request_error","code":"rate_limit"}}""", "Rejected connector_rate_limited")]
    [InlineData(429, """{"error":{"type":"invalid_request_error","code":"lock_timeout"}}""", "Unknown unexpected_status")]
    [InlineData(429, """{"error":{"type":"invalid_request_error","code":"a_code_of_tomorrow"}}""", "Unknown unexpected_status")]
    [InlineData(400, """{"error":{"type":"invalid_request_error","payment_intent":{"id":"pi_1","status":"succeeded"}}}""", "Unknown contradictory_answer")]
    [InlineData(404, """{"error":{"type":"invalid_request_error","payment_intent":{"id":"pi_1","status":"succeeded"}}}""", "Unknown contradictory_answer")]
    [InlineData(429, """{"error":{"type":"invalid_request_error","payment_intent":{"id":"pi_1","status":"succeeded"}}}""", "Unknown contradictory_answer")]
    [InlineData(401, """{"error":{"type":"invalid_request_error","payment_intent":{"id":"pi_1","status":"succeeded"}}}""", "Unknown contradictory_answer")]
    [InlineData(400, """{"error":{"type":"invalid_request_error","payment_intent":{"id":"pi_1","status":"requires_capture"}}}""", "Unknown contradictory_answer")]
    [InlineData(429, """{"error":{"type":"invalid_request_error","payment_intent":{"id":"pi_1","status":"requires_capture"}}}""", "Unknown contradictory_answer")]
    [InlineData(400, """{"error":{"type":"invalid_request_error","payment_intent":{"id":"pi_1","status":"processing"}}}""", "Unknown contradictory_answer")]
    [InlineData(429, """{"error":{"type":"invalid_request_error","payment_intent":{"id":"pi_1","status":"processing"}}}""", "Unknown contradictory_answer")]
    [InlineData(400, """{"error":{"type":"invalid_request_error","payment_intent":{"id":"pi_1","status":"requires_action"}}}""", "Unknown contradictory_answer")]
    [InlineData(429, """{"error":{"type":"invalid_request_error","payment_intent":{"id":"pi_1","status":"requires_action"}}}""", "Unknown contradictory_answer")]
    [InlineData(400, """{"error":{"type":"invalid_request_error","payment_intent":{"id":"pi_1","status":"requires_payment_method"}}}""", "Rejected connector_refused_request")]
    [InlineData(400, """{"error":{"type":"invalid_request_error","code":"payment_intent_unexpected_state","payment_intent":{"id":"pi_1","amount":1099,"amount_received":1099,"currency":"usd","status":"succeeded",%M}}}""", "Approved")]
    [InlineData(429, """{"error":{"type":"rate_limit_error","payment_intent":{"id":"pi_1","amount":1099,"amount_received":0,"currency":"usd","status":"processing",%M}}}""", "Pending")]
    [InlineData(402, """{"error":{"type":"card_error","payment_intent":{"id":"pi_1","amount":1,"amount_received":1,"currency":"usd","status":"succeeded",%M}}}""", "Unknown contradictory_answer")]
    [InlineData(400, """{"error":{"type":"invalid_request_error","payment_intent":null}}""", "Rejected connector_refused_request")]
    [InlineData(302, "", "Unknown malformed_answer")]
    [InlineData(500, """{"error":{"type":"api_error"}}""", "Unknown server_error")]
    [InlineData(503, "", "Unknown server_error")]
    public void Only_a_whole_and_agreeing_answer_decides_a_charge(int status, string body, string expected)
    {
        var result = StripeAnswers.ToCharge((HttpStatusCode)status, Encoding.UTF8.GetBytes(body.Replace("%M", Metadata, StringComparison.Ordinal)), Reference, Samples.Amount, CaptureMethod.Automatic);
        Assert.Equal(expected, Describe(result));
    }

    [Theory]
    [InlineData("""{"id":"pi_1","amount":1099,"amount_capturable":1099,"amount_received":0,"currency":"usd","status":"requires_capture",%M}""", "Authorized")]
    [InlineData("""{"id":"pi_1","amount":1099,"amount_capturable":1098,"amount_received":0,"currency":"usd","status":"requires_capture",%M}""", "Unknown contradictory_answer")]
    [InlineData("""{"id":"pi_1","amount":1099,"amount_received":0,"currency":"usd","status":"requires_capture",%M}""", "Unknown malformed_answer")]
    [InlineData("""{"id":"pi_1","amount":1099,"amount_received":1099,"currency":"usd","status":"succeeded",%M}""", "Unknown contradictory_answer")]
    [InlineData("""{"id":"pi_1","amount":1099,"amount_received":0,"currency":"usd","status":"canceled",%M}""", "Declined")]
    public void Funds_that_are_held_are_the_answer_to_a_manual_charge_only(string body, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(body.Replace("%M", Metadata, StringComparison.Ordinal));
        foreach (var method in new[] { CaptureMethod.Manual, CaptureMethod.ManualMultiple })
            Assert.Equal(expected, Describe(StripeAnswers.ToCharge(HttpStatusCode.OK, bytes, Reference, Samples.Amount, method)));
        if (body.Contains("requires_capture", StringComparison.Ordinal))
            Assert.Equal("Unknown contradictory_answer", Describe(StripeAnswers.ToCharge(HttpStatusCode.OK, bytes, Reference, Samples.Amount, CaptureMethod.Automatic)));
    }

    [Theory]
    [InlineData(200, """{"data":[]}""", "NotFound")]
    [InlineData(200, """{"data":[{"id":"pi_1","amount":1099,"amount_received":1099,"currency":"usd","status":"succeeded",%M}]}""", "Approved")]
    [InlineData(200, """{"data":[{},{}]}""", "Unknown contradictory_answer")]
    [InlineData(200, """{"data":null}""", "Unknown malformed_answer")]
    [InlineData(404, """{"error":{"type":"invalid_request_error"}}""", "Unknown inquiry_refused")]
    [InlineData(401, """{"error":{"type":"invalid_request_error"}}""", "Unknown inquiry_refused")]
    [InlineData(500, "", "Unknown inquiry_refused")]
    public void A_search_proves_absence_only_when_it_worked(int status, string body, string expected)
    {
        var inquiry = new ChargeInquiry(Reference, null, Samples.Amount, CaptureMethod.Automatic);
        var result = StripeAnswers.ToSearch((HttpStatusCode)status, Encoding.UTF8.GetBytes(body.Replace("%M", Metadata, StringComparison.Ordinal)), inquiry);
        Assert.Equal(expected, Describe(result));
    }

    [Fact]
    public void That_Stripe_forgot_its_own_id_proves_nothing() =>
        Assert.Equal("Unknown inquiry_refused", Describe(StripeAnswers.ToRetrieve(HttpStatusCode.NotFound, "{}"u8.ToArray(), new(Reference, "pi_1", Samples.Amount, CaptureMethod.Automatic))));

    [Theory]
    [InlineData("card_declined", "insufficient_funds", null, "insufficient_funds", "insufficient_funds", "RetryLater")]
    [InlineData("card_declined", "insufficient_funds", "do_not_try_again", "insufficient_funds", "insufficient_funds", "DoNotRetry")]
    [InlineData("card_declined", "generic_decline", null, "card_declined", "generic_decline", "TryOtherMethod")]
    [InlineData("card_declined", "lost_card", null, "card_restricted", "lost_card", "DoNotRetry")]
    [InlineData("authentication_required", "authentication_not_handled", null, "authentication_required", "authentication_not_handled", "TryOtherMethod")]
    [InlineData("payment_intent_authentication_failure", null, null, "authentication_failed", "payment_intent_authentication_failure", "TryOtherMethod")]
    [InlineData("expired_card", null, null, "expired_card", "expired_card", "TryOtherMethod")]
    [InlineData("incorrect_cvc", null, null, "incorrect_cvc", "incorrect_cvc", "TryOtherMethod")]
    [InlineData("card_declined", "a_code_of_tomorrow", null, "card_declined", "a_code_of_tomorrow", "TryOtherMethod")]
    [InlineData(null, null, null, "card_declined", null, "TryOtherMethod")]
    public void The_most_specific_code_decides_a_decline(
        string? code, string? declineCode, string? adviceCode, string expectedCode, string? expectedConnectorCode, string advice)
    {
        var error = StripeErrors.FromDecline(code, declineCode, adviceCode);
        Assert.Equal((expectedCode, expectedConnectorCode, advice), (error.Code, error.ConnectorCode, error.Advice.ToString()));
        Assert.NotEmpty(error.Message);
    }

    private static string Describe(ChargeResult result) => result switch
    {
        ChargeResult.Unknown unknown => "Unknown " + unknown.Reason,
        ChargeResult.Rejected rejected => "Rejected " + rejected.Error.Code,
        _ => result.GetType().Name,
    };
}
