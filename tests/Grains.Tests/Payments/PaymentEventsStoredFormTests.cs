using System.Collections.Immutable;
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

    private static readonly DateTimeOffset Later = DateTimeOffset.UnixEpoch.AddDays(1);

    private static readonly ProviderExchange Exchange = new(
        12, ImmutableSortedDictionary<string, string>.Empty.Add("path", "/v1"), ImmutableSortedDictionary<string, string>.Empty.Add("status", "200"));

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
        {
            "created to be confirmed",
            """
            [{"type":"payment.created","merchant_id":"mer_014d2pf2dbsqqg28t5cy4trzff","amount":[1099,"USD"],"card":{"brand":"visa","bin":"424242","last4":"4242","expiry_month":12,"expiry_year":2030},"merchant_order_id":"order-1","customer_id":"cus_1","metadata":{"k":"v"},"device_ip":"203.0.113.7","request_fingerprint":"fingerprint","confirm_before":"1970-01-02T00:00:00+00:00","card_fingerprint":"c0ffee"},{"type":"payment.caller_answered"}]
            """
        },
        {
            "with a billing country",
            """
            [{"type":"payment.created","merchant_id":"mer_014d2pf2dbsqqg28t5cy4trzff","amount":[1099,"USD"],"card":{"brand":"visa","bin":"424242","last4":"4242","expiry_month":12,"expiry_year":2030},"merchant_order_id":"order-1","customer_id":"cus_1","metadata":{"k":"v"},"device_ip":"203.0.113.7","request_fingerprint":"fingerprint","confirm_before":"1970-01-02T00:00:00+00:00","billing_country":"SG"},{"type":"payment.caller_answered"}]
            """
        },
        { "confirmed", """[{"type":"payment.confirmed","card":{"brand":"visa","bin":"424242","last4":"4242","expiry_month":12,"expiry_year":2030},"card_fingerprint":"c0ffee","request":{"key":"k","fingerprint":"f"}},{"type":"attempt.started","attempt":1,"connector":"card-a","return_url":"https://pay.example/return/x"}]""" },
        { "with exchanged credentials", """[{"type":"attempt.started","attempt":1,"connector":"card-a","credentials_version":3}]""" },
        { "given up", """[{"type":"payment.cancelled","reason":"out of stock","request":{"key":"k","fingerprint":"f"}}]""" },
        { "expired", """[{"type":"payment.expired"}]""" },
        { "action", """[{"type":"attempt.action_required","attempt":1,"connector_reference":"pi_1","action":{"type":"redirect","url":"https://bank.example/"},"expires_at":"1970-01-02T00:00:00+00:00"}]""" },
        { "taken back", """[{"type":"cancel.started","operation":1,"is_expiry":true}]""" },
        { "noticed", """[{"type":"charge.noticed","event_id":"evt_1","event_type":"payment_intent.canceled"},{"type":"charge.released"}]""" },
        { "taken at the provider", """[{"type":"charge.captured","amount_captured":[99,"USD"]}]""" },
        { "surfaced", """[{"type":"charge.surfaced","connector_reference":"pi_1","amount_captured":[1099,"USD"]}]""" },
        { "handed over", """[{"type":"work_item.opened","reason":"outcome_unknown"},{"type":"work_item.resolved","resolution":"not_captured","reason":"Looked it up.","resolved_by":"ann","connector_reference":"pi_1","request":{"key":"k","fingerprint":"f"}}]""" },
        {
            "passed on",
            """
            [{"type":"attempt.passed_on","attempt":1,"reason":"declined","error":{"code":"card_declined","message":"No.","connector_code":"generic_decline","advice":"try_other_method"},"connector_reference":"pi_1"},{"type":"attempt.passed_on","attempt":2,"reason":"not_sent","error":{"code":"card_declined","message":"No.","connector_code":"generic_decline","advice":"try_other_method"}}]
            """
        },
        {
            "passed on and charged",
            """
            [{"type":"passed_charge.surfaced","attempt":1,"connector_reference":"pi_1","amount_captured":[1099,"USD"]},{"type":"passed_charge.resolved","attempt":1,"reason":"Refunded it.","resolved_by":"ann","request":{"key":"k","fingerprint":"f"}}]
            """
        },
        { "with the call", """[{"type":"payment.expired","exchange":{"duration_ms":12,"request":{"path":"/v1"},"response":{"status":"200"}}}]""" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Events_are_written_and_read_in_their_pinned_form(string name, string json)
    {
        PaymentEvent[] events = name switch
        {
            "opened" => PaymentMachine.Open(Samples.Command(), Samples.Decision(), Samples.CardA, returnUrl: null),
            "approved" => [new AttemptApproved(1, "pi_1", Samples.Amount), new CallerAnswered()],
            "declined" => [new AttemptDeclined(1, Error, "pi_1")],
            "failed" => [new AttemptFailed(1, Error)],
            "passed on" => [new AttemptPassedOn(1, "declined", Error, "pi_1"), new AttemptPassedOn(2, "not_sent", Error, null)],
            "passed on and charged" => [new PassedChargeSurfaced(1, "pi_1", Samples.Amount), new PassedChargeResolved(1, "Refunded it.", "ann", new RequestIdentity("k", "f"))],
            "authorized" => [new AttemptAuthorized(1, "pi_1", Samples.Amount)],
            "captured" => [new CaptureStarted(1, Samples.Usd(1000), true, new RequestIdentity("k", "f")), new CaptureSucceeded(1, Samples.Usd(1000)), new OperationAnswered("k")],
            "captured again" => [new CaptureStarted(2, Samples.Usd(99), false, null)],
            "cancelled" => [new CancelStarted(1, "out of stock", null), new CancelSucceeded(1)],
            "refused" => [new OperationOutcomeUnknown(1, "timeout"), new OperationRefused(1, Error)],
            "unknown" => [new AttemptOutcomeUnknown(1, "timeout", null)],
            "with a billing country" => PaymentMachine.Create(Samples.Command() with { Confirm = false, BillingCountry = "SG" }, Later),
            "created to be confirmed" => PaymentMachine.Create(Samples.Command() with { Confirm = false, CardFingerprint = "c0ffee" }, Later),
            "confirmed" =>
            [
                new PaymentConfirmed(new CardSummary("visa", "424242", "4242", 12, 2030), "c0ffee", new RequestIdentity("k", "f")),
                new AttemptStarted(1, Samples.CardA, "https://pay.example/return/x"),
            ],
            "with exchanged credentials" => [new AttemptStarted(1, Samples.CardA, CredentialsVersion: 3)],
            "given up" => [new PaymentCancelled("out of stock", new RequestIdentity("k", "f"))],
            "expired" => [new PaymentExpired()],
            "action" => [new AttemptActionRequired(1, "pi_1", new NextAction(NextActionType.Redirect, "https://bank.example/"), Later)],
            "taken back" => [new CancelStarted(1, null, null, IsExpiry: true)],
            "noticed" => [new ChargeNoticed("evt_1", "payment_intent.canceled"), new ChargeReleased()],
            "taken at the provider" => [new ChargeCaptured(Samples.Usd(99))],
            "surfaced" => [new ChargeSurfaced("pi_1", Samples.Amount)],
            "handed over" =>
            [
                new WorkItemOpened("outcome_unknown"),
                new WorkItemResolved(PaymentResolution.NotCaptured, "Looked it up.", "ann", "pi_1", new RequestIdentity("k", "f")),
            ],
            "with the call" => [new PaymentExpired { Exchange = Exchange }],
            _ => [new RoutesExhausted(Error)],
        };
        Assert.Equal(json.Trim(), JsonSerializer.Serialize(events, PaymentJson.Default.PaymentEventArray));

        var read = JsonSerializer.Deserialize(json, PaymentJson.Default.PaymentEventArray)!;
        Assert.Equal(json.Trim(), JsonSerializer.Serialize(read, PaymentJson.Default.PaymentEventArray));
    }

    [Fact]
    public void The_capture_method_is_stored_where_it_is_not_automatic()
    {
        var opened = PaymentMachine.Open(Samples.Command() with { CaptureMethod = CaptureMethod.ManualMultiple }, Samples.Decision(), Samples.CardA, returnUrl: null);
        var json = JsonSerializer.Serialize(opened, PaymentJson.Default.PaymentEventArray);
        Assert.Contains("\"capture_method\":\"manual_multiple\"", json, StringComparison.Ordinal);
        Assert.Equal(CaptureMethod.ManualMultiple, ((PaymentCreated)JsonSerializer.Deserialize(json, PaymentJson.Default.PaymentEventArray)![0]).CaptureMethod);
    }

    [Fact]
    public void Nothing_that_is_stored_holds_the_card_number_or_the_security_code()
    {
        var stored = Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(
            PaymentMachine.Open(Samples.Command(), Samples.Decision(), Samples.CardA, returnUrl: null), PaymentJson.Default.PaymentEventArray));
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
            PaymentMachine.Open(Samples.Command() with { CaptureMethod = CaptureMethod.ManualMultiple }, Samples.Decision(), Samples.CardA, returnUrl: null),
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
        Assert.Equal((PaymentStatus.Captured, Samples.Amount), Keep(entries));
    }

    [Fact]
    public void It_does_so_with_confirmation_payer_and_person_too()
    {
        PaymentEvent[][] entries =
        [
            PaymentMachine.Create(Samples.Command() with { Confirm = false }, Later),
            [new PaymentConfirmed(null, null, new RequestIdentity("k", "f")), new RouteChosen(Samples.Decision()), new AttemptStarted(1, Samples.CardA, "https://x.example/")],
            [new AttemptActionRequired(1, "pi_1", new NextAction(NextActionType.Redirect, "https://bank.example/"), Later), new OperationAnswered("k")],
            [new CancelStarted(1, null, null, IsExpiry: true)],
            [new OperationRefused(1, Error)],
            [new WorkItemOpened("outcome_unknown")],
            [new WorkItemResolved(PaymentResolution.NotCaptured, "Looked it up.", "ann", null, new RequestIdentity("l", "f")), new OperationAnswered("l")],
            [new ChargeNoticed("evt_1", "payment_intent.succeeded"), new ChargeSurfaced("pi_1", Samples.Amount)],
            [new WorkItemResolved(PaymentResolution.Captured, "It was.", "ann", "pi_1", null)],
        ];
        Assert.Equal((PaymentStatus.Captured, Samples.Amount), Keep(entries));
    }

    // As a read model does: through JSON after each entry.
    private static (PaymentStatus Status, Money Captured) Keep(PaymentEvent[][] entries)
    {
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

        return (kept.View!.Status, kept.View.AmountCaptured);
    }

    [Fact]
    public void A_state_survives_the_read_model()
    {
        var history = PaymentHistory.Empty.With(Samples.Id, new(1, DateTimeOffset.UnixEpoch, JsonSerializer.SerializeToUtf8Bytes(
            PaymentMachine.Open(Samples.Command(), Samples.Decision(), Samples.CardA, returnUrl: null), PaymentJson.Default.PaymentEventArray)));
        var read = PaymentHistory.FromJson(history.ToJson());
        Assert.Equal(history.ToJson(), read.ToJson());
        Assert.Equal(PaymentStatus.Processing, read.View!.Status);
        Assert.Throws<InvalidDataException>(() => read.With(Samples.Id, new(3, DateTimeOffset.UnixEpoch, "[]"u8.ToArray())));
    }
}
