using System.Text;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Tests.Payments;
using OrleansPayments.Payments;
using static OrleansPayments.Grains.Tests.Connectors.StripeSamples;

namespace OrleansPayments.Grains.Tests.Connectors;

/// <summary>What genuine events say of a charge.</summary>
public sealed class StripeEventsTests
{
    private const string Url = "https://hooks.stripe.com/3d_secure_2/hosted?merchant=acct_1&payment_intent=pi_1";

    public static TheoryData<string, string, string> Intents => new()
    {
        { "payment_intent.created", Intent("requires_payment_method"), "Pending 1099 0" },
        { "payment_intent.created", Intent("requires_payment_method", ""","last_payment_error":null"""), "Pending 1099 0" },
        { "payment_intent.created", Intent("requires_confirmation"), "Pending 1099 0" },
        { "payment_intent.processing", Intent("processing"), "Pending 1099 0" },
        { "payment_intent.requires_action", Redirect(Url), "ActionRequired 1099 0 " + Url },
        { "payment_intent.requires_action", Intent("requires_action", ""","next_action":{"type":"use_stripe_sdk","use_stripe_sdk":{}}"""), "Pending 1099 0" },
        { "payment_intent.requires_action", Intent("requires_action"), "Malformed contradictory_event" },
        { "payment_intent.requires_action", Redirect("javascript:alert(1)"), "Malformed contradictory_event" },
        { "payment_intent.payment_failed", Intent("requires_payment_method", ""","last_payment_error":{"code":"card_declined","decline_code":"insufficient_funds"}"""), "Declined 1099 0 insufficient_funds" },
        { "payment_intent.payment_failed", Intent("requires_payment_method", ""","last_payment_error":{"code":"payment_intent_authentication_failure"}"""), "Declined 1099 0 authentication_failed" },
        { "payment_intent.amount_capturable_updated", Intent("requires_capture"), "Authorized 1099 0" },
        { "payment_intent.amount_capturable_updated", Intent("requires_capture", received: "500"), "Authorized 1099 500" },
        { "payment_intent.succeeded", Intent("succeeded", received: "1099"), "Captured 1099 1099" },
        { "payment_intent.succeeded", Intent("succeeded", received: "500"), "Captured 1099 500" },
        { "payment_intent.succeeded", Intent("succeeded", received: "500", amount: "500", currency: "isk"), "Captured 5 5" },
        { "payment_intent.canceled", Intent("canceled"), "Cancelled 1099 0" },
        { "payment_intent.canceled", Intent("canceled", received: "500"), "Cancelled 1099 500" },

        // The state decides, not the name of the event.
        { "payment_intent.of_tomorrow", Intent("succeeded", received: "1099"), "Captured 1099 1099" },
        { "payment_intent.succeeded", Intent("dancing"), "Malformed contradictory_event" },
        { "payment_intent.succeeded", Intent("succeeded"), "Malformed contradictory_event" },
        { "payment_intent.payment_failed", Intent("requires_payment_method", ""","last_payment_error":{"code":"x"}""", received: "1"), "Malformed contradictory_event" },
        { "payment_intent.succeeded", Intent("succeeded", received: "1099", currency: "zzz"), "Malformed malformed_amount" },
        { "payment_intent.succeeded", Intent("succeeded", received: "-1099"), "Malformed malformed_amount" },
        { "payment_intent.succeeded", Intent("succeeded", received: "1099", amount: "0"), "Malformed malformed_amount" },
        { "payment_intent.succeeded", Intent("succeeded", received: "10.99"), "Malformed malformed_amount" },
        { "payment_intent.succeeded", Intent("succeeded", received: "\"1099\""), "Malformed malformed_amount" },
        { "payment_intent.succeeded", Intent("succeeded", received: "99999999999999999999"), "Malformed malformed_amount" },
        { "payment_intent.succeeded", Intent("succeeded", received: "9223372036854775807", amount: "9223372036854775807", currency: "mga"), "Malformed malformed_amount" },
        { "payment_intent.succeeded", Intent("succeeded", received: "550", amount: "550", currency: "isk"), "Malformed malformed_amount" },
    };

    public static TheoryData<string, string, string> Charges => new()
    {
        { "charge.succeeded", Charge("1099"), "Captured 1099 1099" },
        { "charge.succeeded", Charge("0"), "Authorized 1099 0" },
        { "charge.captured", Charge("1099"), "Captured 1099 1099" },
        { "charge.captured", Charge("500"), "Ignored" },
        { "charge.succeeded", Charge("500"), "Ignored" },
        { "charge.captured", Charge("0"), "Ignored" },
        { "charge.expired", Charge("0"), "Cancelled 1099 0" },
        { "charge.expired", Charge("500"), "Ignored" },
        { "charge.failed", Charge("0", status: "failed"), "Ignored" },
        { "charge.pending", Charge("0", status: "pending"), "Ignored" },
        { "charge.updated", Charge("1099"), "Ignored" },
        { "charge.refunded", Charge("1099"), "Ignored" },
        { "charge.refund.updated", Charge("1099"), "Ignored" },
        { "charge.dispute.created", Charge("1099"), "Ignored" },
        { "refund.created", Charge("1099"), "Ignored" },
        { "customer.created", """{"id":"cus_1"}""", "Ignored" },
        { "payment_intents.succeeded", Intent("succeeded", received: "1099"), "Ignored" },
        { "charge.succeeded", Charge("1099", intent: "null"), "Ignored" },
        { "charge.succeeded", Charge("1099", status: "failed"), "Malformed contradictory_event" },
        { "charge.succeeded", Charge("1099").Replace("\"captured\":true", "\"captured\":false", StringComparison.Ordinal), "Malformed contradictory_event" },
        { "charge.succeeded", Charge("1099").Replace("\"captured\":true,", "", StringComparison.Ordinal), "Malformed contradictory_event" },
        { "charge.succeeded", Charge("-1"), "Malformed malformed_amount" },
    };

    public static TheoryData<string, string> Strangers => new()
    {
        { """ "metadata":{} """, "Ignored" },
        { """ "metadata":null """, "Ignored" },
        { """ "meta":{} """, "Ignored" },
        { """ "metadata":{"payment_id":"pay_014d2pf2dbsqqg28t5cy4trzff"} """, "Ignored" },
        { """ "metadata":{"attempt":"pay_014d2pf2dbsqqg28t5cy4trzff-1"} """, "Ignored" },
        { """ "metadata":{"payment_id":"pay_114d2pf2dbsqqg28t5cy4trzff","attempt":"pay_014d2pf2dbsqqg28t5cy4trzff-1"} """, "Ignored" },
        { """ "metadata":{"payment_id":"pay_014d2pf2dbsqqg28t5cy4trzff","attempt":"pay_014d2pf2dbsqqg28t5cy4trzff"} """, "Ignored" },
        { """ "metadata":{"payment_id":"pay_014d2pf2dbsqqg28t5cy4trzff","attempt":"pay_014d2pf2dbsqqg28t5cy4trzff-0"} """, "Ignored" },
        { """ "metadata":{"payment_id":"pay_014d2pf2dbsqqg28t5cy4trzff","attempt":"pay_014d2pf2dbsqqg28t5cy4trzff-01"} """, "Ignored" },
        { """ "metadata":{"payment_id":"pay_014d2pf2dbsqqg28t5cy4trzff","attempt":"pay_014d2pf2dbsqqg28t5cy4trzff--1"} """, "Ignored" },
        { """ "metadata":{"payment_id":"pay_014d2pf2dbsqqg28t5cy4trzff","attempt":"pay_014d2pf2dbsqqg28t5cy4trzff-99999999999"} """, "Ignored" },
        { """ "metadata":{"payment_id":"order-1","attempt":"order-1-1"} """, "Ignored" },
        { """ "metadata":{"payment_id":7,"attempt":7} """, "Ignored" },
        { """ "metadata":{"payment_id":"pay_014d2pf2dbsqqg28t5cy4trzff","attempt":"pay_014d2pf2dbsqqg28t5cy4trzff-1","order_id":"x"} """, "Captured 1099 1099" },
    };

    public static TheoryData<string> Nonsense =>
    [
        "", "null", "7", "[]", "{}", "{", """{"id":"evt_1"}""", """{"type":"payment_intent.succeeded"}""", """{"id":7,"type":"charge.succeeded"}""",
        """{"id":"","type":"charge.succeeded"}""", """{"id":"evt 1","type":"charge.succeeded"}""", """{"id":"evt_1","type":"payment_intent.succeeded"}""",
        """{"id":"evt_1","type":"payment_intent.succeeded","data":{}}""", """{"id":"evt_1","type":"payment_intent.succeeded","data":{"object":[]}}""",
        """{"id":"evt_1","type":"payment_intent.succeeded","data":{"object":"pi_1"}}""", """{"id":"\ud800","type":"charge.succeeded"}""",
        Event("payment_intent.succeeded", Intent("succeeded", received: "1099")) + "}", Event("payment_intent.succeeded", Intent("succeeded", received: "1099"))[..^1],
        Event("payment_intent.succeeded", Intent("succeeded", received: "1099"), new string('e', 256)),
        Event("payment_intent.succeeded", Intent("succeeded", received: "1099").Replace("\"id\":\"pi_1\",", "", StringComparison.Ordinal)),
        Event("payment_intent.succeeded", Intent("succeeded", ""","description":""" + new string('[', 100) + new string(']', 100), received: "1099")),
    ];

    [Theory]
    [MemberData(nameof(Intents))]
    [MemberData(nameof(Charges))]
    public void An_event_says_how_the_charge_stood(string type, string subject, string expected) =>
        Assert.Equal(expected, Describe(ReadSigned(Event(type, subject))));

    [Theory]
    [MemberData(nameof(Strangers))]
    public void What_is_not_ours_is_left_alone(string metadata, string expected) =>
        Assert.Equal(expected, Describe(ReadSigned(Event("payment_intent.succeeded", Intent("succeeded", received: "1099").Replace(Metadata, metadata, StringComparison.Ordinal)))));

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void What_cannot_be_read_is_not_taken(string body) => Assert.Equal("Malformed malformed_event", Describe(ReadSigned(body)));

    [Fact]
    public void Bytes_that_are_no_text_are_not_taken()
    {
        var body = Encoding.UTF8.GetBytes(Event("payment_intent.succeeded", Intent("succeeded", received: "1099")));
        body[body.AsSpan().IndexOf("evt_1"u8)] = 0xff;
        Assert.Equal("Malformed malformed_event", Describe(ReadSigned(body)));
    }

    [Fact]
    public void A_notice_names_event_payment_attempt_and_intent()
    {
        var attempt = Metadata.Replace("-1\"", "-12\"", StringComparison.Ordinal);
        var about = Assert.IsType<CallbackReading.About>(ReadSigned(Event(
            "payment_intent.payment_failed",
            Intent("requires_payment_method", ""","last_payment_error":{"code":"card_declined","decline_code":"lost_card"}""").Replace(Metadata, attempt, StringComparison.Ordinal))));
        Assert.Equal(Samples.Id, about.Payment);
        Assert.Equal(
            new ChargeNotice(
                "evt_1", "payment_intent.payment_failed", Samples.CardA, 12, "pi_1", ChargeStatus.Declined, Samples.Amount, Samples.Usd(0),
                new PaymentError("card_restricted", "The card may not be used for this payment.", "lost_card", RetryAdvice.DoNotRetry), null),
            about.Notice);

        // A charge is named by its intent too: that is the reference that the payment knows.
        var charge = Assert.IsType<CallbackReading.About>(ReadSigned(Event("charge.succeeded", Charge("1099")))).Notice;
        Assert.Equal(("pi_1", 1, (PaymentError?)null), (charge.ConnectorReference, charge.Attempt, charge.Error));
        Assert.Equal("charge.updated", Assert.IsType<CallbackReading.Ignored>(ReadSigned(Event("charge.updated", Charge("1099")))).EventType);
    }

    private static string Redirect(string url) =>
        Intent("requires_action", $$""","next_action":{"type":"redirect_to_url","redirect_to_url":{"return_url":"https://shop.example","url":"{{url}}"} }""");
}
