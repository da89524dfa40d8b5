using System.Net;
using System.Text;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Connectors.Stripe;
using OrleansPayments.Grains.Tests.Payments;

namespace OrleansPayments.Grains.Tests.Connectors;

/// <summary>Stripe's answers to captures and cancellations.</summary>
public sealed class StripeOperationsTests
{
    private static readonly AttemptReference Attempt = new(Samples.Id, 1);
    private static readonly CaptureRequest Capture = new(new(Attempt, "capture", 1), "pi_1", Samples.Usd(99), Samples.Usd(1000), IsFinal: true);
    private static readonly CancelRequest Cancel = new(new(Attempt, "cancel", 1), "pi_1", Samples.Amount);

    [Theory]
    [InlineData(200, """{"id":"pi_1","amount_received":1099,"currency":"usd","status":"succeeded"}""", "Done 1099")]
    [InlineData(200, """{"id":"pi_1","amount_received":99,"currency":"usd","status":"requires_capture"}""", "Done 99")]
    [InlineData(200, """{"id":"pi_2","amount_received":1099,"currency":"usd","status":"succeeded"}""", "Unknown contradictory_answer")]
    [InlineData(200, """{"id":"pi_1","amount_received":1099,"currency":"eur","status":"succeeded"}""", "Unknown contradictory_answer")]
    [InlineData(200, """{"id":"pi_1","amount_received":0,"currency":"usd","status":"canceled"}""", "Unknown contradictory_answer")]
    [InlineData(200, """{"id":"pi_1","currency":"usd","status":"succeeded"}""", "Unknown malformed_answer")]
    [InlineData(200, """{"id":"pi_1","amount_rec""", "Unknown malformed_answer")]
    [InlineData(200, "[]", "Unknown contradictory_answer")]
    [InlineData(400, """{"error":{"type":"invalid_request_error","code":"payment_intent_unexpected_state"}}""", "Refused payment_intent_unexpected_state")]
    [InlineData(402, """{"error":{"type":"card_error","code":"charge_expired_for_capture"}}""", "Refused charge_expired_for_capture")]
    [InlineData(400, """{"error":{"type":"idempotency_error"}}""", "Unknown idempotency_conflict")]
    [InlineData(401, """{"error":{"type":"invalid_request_error"}}""", "NotSent connector_credentials_refused")]
    [InlineData(403, """{"error":{"type":"invalid_request_error"}}""", "NotSent connector_credentials_refused")]
    [InlineData(404, """{"error":{"type":"invalid_request_error","code":"resource_missing"}}""", "Unknown unexpected_status")]
    [InlineData(409, """{"error":{"type":"idempotency_error"}}""", "Unknown still_running")]
    [InlineData(429, """{"error":{"type":"rate_limit_error"}}""", "NotSent connector_rate_limited")]
    [InlineData(418, "{}", "Unknown malformed_answer")]
    [InlineData(500, """{"error":{"type":"api_error"}}""", "Unknown server_error")]
    public void Only_a_whole_and_agreeing_answer_decides_a_capture(int status, string body, string expected) =>
        Assert.Equal(expected, Describe(StripeAnswers.ToCapture((HttpStatusCode)status, Encoding.UTF8.GetBytes(body), Capture)));

    [Theory]
    [InlineData(200, """{"id":"pi_1","amount_received":0,"currency":"usd","status":"canceled"}""", "Done 0")]
    [InlineData(200, """{"id":"pi_1","amount_received":0,"currency":"usd","status":"requires_capture"}""", "Unknown contradictory_answer")]
    [InlineData(200, """{"id":"pi_1","amount_received":0,"currency":"eur","status":"canceled"}""", "Unknown contradictory_answer")]
    [InlineData(200, """{"id":"pi_1","amount_received":-1,"currency":"usd","status":"canceled"}""", "Unknown contradictory_answer")]
    [InlineData(200, """{"id":"pi_1","status":"canceled"}""", "Unknown malformed_answer")]
    [InlineData(400, """{"error":{"type":"invalid_request_error","code":"payment_intent_unexpected_state"}}""", "Refused payment_intent_unexpected_state")]
    [InlineData(503, "", "Unknown server_error")]
    public void Only_a_whole_and_agreeing_answer_decides_a_cancellation(int status, string body, string expected) =>
        Assert.Equal(expected, Describe(StripeAnswers.ToCancel((HttpStatusCode)status, Encoding.UTF8.GetBytes(body), Cancel)));

    [Fact]
    public void An_operations_reference_names_payment_attempt_operation_and_number() =>
        Assert.Equal("pay_014d2pf2dbsqqg28t5cy4trzff-1-capture-1", Capture.Reference.ToString());

    private static string Describe(OperationResult result) => result switch
    {
        OperationResult.Done done => $"Done {done.AmountCaptured.MinorUnits}",
        OperationResult.Refused refused => $"Refused {refused.Error.ConnectorCode}",
        OperationResult.NotSent notSent => $"NotSent {notSent.Error.Code}",
        OperationResult.Unknown unknown => $"Unknown {unknown.Reason}",
        _ => result.GetType().Name,
    };
}
