using System.Text;
using System.Text.Json;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Tests.Payments;

/// <summary>The stored form of events may only grow: what was written must be readable for ever. A difference here is a migration.</summary>
public sealed class PaymentEventsStoredFormTests
{
    private static readonly PaymentError Error = new("card_declined", "No.", "generic_decline", RetryAdvice.TryOtherMethod);

    public static TheoryData<string, string> Forms() => new()
    {
        {
            "opened",
            """
            [{"type":"payment.created","merchant_id":"mer_014d2pf2dbsqqg28t5cy4trzff","amount":[1099,"USD"],"card":{"brand":"visa","bin":"424242","last4":"4242","expiry_month":12,"expiry_year":2030},"merchant_order_id":"order-1","customer_id":"cus_1","metadata":{"k":"v"},"device_ip":"203.0.113.7","request_fingerprint":"fingerprint"},{"type":"payment.route_chosen","decision":{"decision_id":"dec_1","strategy":"priority","candidates":[{"connector":"card-a","eligible":true,"rank":1}],"chosen":"card-a"}},{"type":"attempt.started","attempt":1,"connector":"card-a"}]
            """
        },
        { "approved", """[{"type":"attempt.approved","attempt":1,"connector_reference":"pi_1","amount_captured":[1099,"USD"]},{"type":"payment.caller_answered"}]""" },
        { "declined", """[{"type":"attempt.declined","attempt":1,"error":{"code":"card_declined","message":"No.","connector_code":"generic_decline","advice":"try_other_method"},"connector_reference":"pi_1"}]""" },
        { "failed", """[{"type":"attempt.failed","attempt":1,"error":{"code":"card_declined","message":"No.","connector_code":"generic_decline","advice":"try_other_method"}}]""" },
        { "unknown", """[{"type":"attempt.outcome_unknown","attempt":1,"reason":"timeout"}]""" },
        { "authorized", """[{"type":"attempt.authorized","attempt":1,"connector_reference":"pi_1","amount_authorized":[1099,"USD"]}]""" },
        {
            "captured",
            """
            [{"type":"capture.started","operation":1,"amount":[1000,"USD"],"is_final":true,"request":{"key":"k","fingerprint":"f"}},{"type":"capture.succeeded","operation":1,"amount_captured":[1000,"USD"]},{"type":"operation.answered","key":"k"}]
            """
        },
        { "captured again", """[{"type":"capture.started","operation":2,"amount":[99,"USD"],"is_final":false}]""" },
        { "cancelled", """[{"type":"cancel.started","operation":1,"reason":"out of stock"},{"type":"cancel.succeeded","operation":1}]""" },
        {
            "refused",
            """
            [{"type":"operation.outcome_unknown","operation":1,"reason":"timeout"},{"type":"operation.refused","operation":1,"error":{"code":"card_declined","message":"No.","connector_code":"generic_decline","advice":"try_other_method"}}]
            """
        },
        { "exhausted", """[{"type":"payment.routes_exhausted","error":{"code":"card_declined","message":"No.","connector_code":"generic_decline","advice":"try_other_method"}}]""" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Events_are_written_and_read_in_their_pinned_form(string name, string json)
    {
        PaymentEvent[] events = name switch
        {
            "opened" => PaymentMachine.Open(Samples.Command(), Samples.Decision(), Samples.CardA),
            "approved" => [new AttemptApproved(1, "pi_1", Samples.Amount), new CallerAnswered()],
            "declined" => [new AttemptDeclined(1, Error, "pi_1")],
            "failed" => [new AttemptFailed(1, Error)],
            "authorized" => [new AttemptAuthorized(1, "pi_1", Samples.Amount)],
            "captured" => [new CaptureStarted(1, Samples.Usd(1000), true, new RequestIdentity("k", "f")), new CaptureSucceeded(1, Samples.Usd(1000)), new OperationAnswered("k")],
            "captured again" => [new CaptureStarted(2, Samples.Usd(99), false, null)],
            "cancelled" => [new CancelStarted(1, "out of stock", null), new CancelSucceeded(1)],
            "refused" => [new OperationOutcomeUnknown(1, "timeout"), new OperationRefused(1, Error)],
            "unknown" => [new AttemptOutcomeUnknown(1, "timeout", null)],
            _ => [new RoutesExhausted(Error)],
        };
        Assert.Equal(json.Trim(), JsonSerializer.Serialize(events, PaymentJson.Default.PaymentEventArray));

        var read = JsonSerializer.Deserialize(json, PaymentJson.Default.PaymentEventArray)!;
        Assert.Equal(json.Trim(), JsonSerializer.Serialize(read, PaymentJson.Default.PaymentEventArray));
    }

    [Fact]
    public void The_capture_method_is_stored_where_it_is_not_automatic()
    {
        var opened = PaymentMachine.Open(Samples.Command() with { CaptureMethod = CaptureMethod.ManualMultiple }, Samples.Decision(), Samples.CardA);
        var json = JsonSerializer.Serialize(opened, PaymentJson.Default.PaymentEventArray);
        Assert.Contains("\"capture_method\":\"manual_multiple\"", json, StringComparison.Ordinal);
        Assert.Equal(CaptureMethod.ManualMultiple, ((PaymentCreated)JsonSerializer.Deserialize(json, PaymentJson.Default.PaymentEventArray)![0]).CaptureMethod);
    }

    [Fact]
    public void Nothing_that_is_stored_holds_the_card_number_or_the_security_code()
    {
        var stored = Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(
            PaymentMachine.Open(Samples.Command(), Samples.Decision(), Samples.CardA), PaymentJson.Default.PaymentEventArray));
        Assert.DoesNotContain("4242424242424242", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("\"123\"", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("4242424242424242", Samples.Command().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_read_model_that_keeps_the_state_between_any_two_entries_comes_to_the_same()
    {
        var request = new RequestIdentity("k", "f");
        PaymentEvent[][] entries =
        [
            PaymentMachine.Open(Samples.Command() with { CaptureMethod = CaptureMethod.ManualMultiple }, Samples.Decision(), Samples.CardA),
            [new AttemptOutcomeUnknown(1, "timeout", null), new CallerAnswered()],
            [new AttemptAuthorized(1, "pi_1", Samples.Amount)],
            [new CaptureStarted(1, Samples.Usd(99), false, request)],
            [new OperationOutcomeUnknown(1, "timeout"), new OperationAnswered("k")],
            [new CaptureSucceeded(1, Samples.Usd(99))],
            [new CaptureStarted(2, Samples.Usd(1000), true, new RequestIdentity("l", "f"))],
            [new OperationRefused(2, Error), new OperationAnswered("l")],
            [new CaptureStarted(3, Samples.Usd(1000), true, null)],
            [new CaptureSucceeded(3, Samples.Amount)],
        ];
        var kept = PaymentHistory.Empty;
        var folded = PaymentHistory.Empty;
        for (var version = 1; version <= entries.Length; version++)
        {
            var stored = JsonSerializer.SerializeToUtf8Bytes(entries[version - 1], PaymentJson.Default.PaymentEventArray);
            var entry = new OrleansPayments.Grains.Shared.Journal.JournalEntry(version, DateTimeOffset.UnixEpoch.AddSeconds(version), stored);
            folded = folded.With(Samples.Id, entry);
            kept = PaymentHistory.FromJson(kept.With(Samples.Id, entry).ToJson());
            Assert.Equal(folded.ToJson(), kept.ToJson());
        }

        Assert.Equal((PaymentStatus.Captured, Samples.Amount), (kept.View!.Status, kept.View.AmountCaptured));
    }

    [Fact]
    public void A_state_survives_the_read_model()
    {
        var history = PaymentHistory.Empty.With(Samples.Id, new(1, DateTimeOffset.UnixEpoch, JsonSerializer.SerializeToUtf8Bytes(
            PaymentMachine.Open(Samples.Command(), Samples.Decision(), Samples.CardA), PaymentJson.Default.PaymentEventArray)));
        var read = PaymentHistory.FromJson(history.ToJson());
        Assert.Equal(history.ToJson(), read.ToJson());
        Assert.Equal(PaymentStatus.Processing, read.View!.Status);
        Assert.Throws<InvalidDataException>(() => read.With(Samples.Id, new(3, DateTimeOffset.UnixEpoch, "[]"u8.ToArray())));
    }
}
