using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Tests.Payments;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Tests.Connectors;

/// <summary>
/// What is sent under an idempotency reference, to the letter. A repetition after a restart, and so after an update, must be the same request, or Stripe refuses it and
/// nobody learns what became of the first: a change here must wait until no reference of the old form can be repeated.
/// </summary>
public sealed class StripeFormTests : IDisposable
{
    private const string Card = "&payment_method_types%5B0%5D=card&payment_method_data%5Btype%5D=card&payment_method_data%5Bcard%5D%5Bnumber%5D=4242424242424242"
        + "&payment_method_data%5Bcard%5D%5Bexp_month%5D=12&payment_method_data%5Bcard%5D%5Bexp_year%5D=2030";

    private const string Code = "&payment_method_data%5Bcard%5D%5Bcvc%5D=123";

    private const string Metadata = "&metadata%5Bpayment_id%5D=pay_014d2pf2dbsqqg28t5cy4trzff&metadata%5Battempt%5D=pay_014d2pf2dbsqqg28t5cy4trzff-1"
        + "&metadata%5Bmerchant_id%5D=mer_014d2pf2dbsqqg28t5cy4trzff";

    private readonly RecordingHandler _handler = new(_ => "{}");

    public static TheoryData<string, string> Charges => new()
    {
        { "plain", "amount=1099&currency=usd&confirm=true&capture_method=automatic&error_on_requires_action=true" + Card + Code + Metadata },
        { "no code", "amount=1099&currency=usd&confirm=true&capture_method=automatic&error_on_requires_action=true" + Card + Metadata },
        { "yen", "amount=1099&currency=jpy&confirm=true&capture_method=automatic&error_on_requires_action=true" + Card + Code + Metadata },
        { "manual", "amount=1099&currency=usd&confirm=true&capture_method=manual&error_on_requires_action=true" + Card + Code + Metadata },
        {
            "multiple", "amount=1099&currency=usd&confirm=true&capture_method=manual&payment_method_options%5Bcard%5D%5Brequest_multicapture%5D=if_available"
                + "&error_on_requires_action=true" + Card + Code + Metadata
        },
        {
            "return", "amount=1099&currency=usd&confirm=true&capture_method=automatic&return_url=https%3A%2F%2Fshop.example%2Fback%3Forder%3D1%26a%3D%C3%BC" + Card + Code + Metadata
        },
        {
            "words", "amount=1099&currency=usd&confirm=true&capture_method=automatic&error_on_requires_action=true" + Card + Code
                + "&payment_method_data%5Bbilling_details%5D%5Bname%5D=Ann%20M%C3%BCller%20%26%20Co" + "&description=Two%20%2B%20two" + Metadata + "&metadata%5Border_id%5D=order%201"
        },
    };

    public void Dispose() => _handler.Dispose();

    [Theory]
    [MemberData(nameof(Charges))]
    public async Task A_charge_is_sent_in_this_form(string kind, string form)
    {
        var request = kind switch
        {
            "no code" => StripeSamples.Charge(Samples.Amount, securityCode: null),
            "yen" => StripeSamples.Charge(Money.FromMinorUnits(1099, Currency.Parse("JPY"))),
            "manual" => StripeSamples.Charge(Samples.Amount, capture: CaptureMethod.Manual),
            "multiple" => StripeSamples.Charge(Samples.Amount, capture: CaptureMethod.ManualMultiple),
            "return" => StripeSamples.Charge(Samples.Amount, returnUrl: "https://shop.example/back?order=1&a=ü"),
            "words" => StripeSamples.Charge(Samples.Amount, holder: "Ann Müller & Co", description: "Two + two", order: "order 1"),
            _ => StripeSamples.Charge(Samples.Amount),
        };

        await StripeSamples.Provider(_handler).Charge(StripeSamples.Access(), request, CancellationToken.None);

        Assert.Equal(("POST /v1/payment_intents", "pay_014d2pf2dbsqqg28t5cy4trzff-1-create", form), Assert.Single(_handler.Requests));
        Assert.Equal("2026-07-29.dahlia", _handler.Version);
    }

    [Theory]
    [InlineData(true, "amount_to_capture=99")]
    [InlineData(false, "amount_to_capture=99&final_capture=false")]
    public async Task A_capture_is_sent_in_this_form(bool isFinal, string form)
    {
        var request = new CaptureRequest(new(StripeSamples.Attempt, "capture", 2), "pi_1", Samples.Usd(99), Samples.Usd(1000), isFinal);
        await StripeSamples.Provider(_handler).Capture(StripeSamples.Access(), request, CancellationToken.None);
        Assert.Equal(("POST /v1/payment_intents/pi_1/capture", "pay_014d2pf2dbsqqg28t5cy4trzff-1-capture-2", form), Assert.Single(_handler.Requests));
    }

    [Fact]
    public async Task A_cancellation_is_sent_in_this_form()
    {
        await StripeSamples.Provider(_handler).Cancel(StripeSamples.Access(), new(new(StripeSamples.Attempt, "cancel", 1), "pi_1", Samples.Amount), CancellationToken.None);
        Assert.Equal(("POST /v1/payment_intents/pi_1/cancel", "pay_014d2pf2dbsqqg28t5cy4trzff-1-cancel-1", ""), Assert.Single(_handler.Requests));
    }

    [Fact]
    public async Task A_refund_is_sent_in_this_form()
    {
        await StripeSamples.Provider(_handler).Refund(StripeSamples.Access(), new(new(StripeSamples.Attempt, "refund", 2), "pi_1", Samples.Usd(99)), CancellationToken.None);
        Assert.Equal(
            ("POST /v1/refunds",
                "pay_014d2pf2dbsqqg28t5cy4trzff-1-refund-2",
                "payment_intent=pi_1&amount=99&metadata%5Bpayment_id%5D=pay_014d2pf2dbsqqg28t5cy4trzff&metadata%5Battempt%5D=pay_014d2pf2dbsqqg28t5cy4trzff-1"
                + "&metadata%5Brefund%5D=pay_014d2pf2dbsqqg28t5cy4trzff-1-refund-2"),
            Assert.Single(_handler.Requests));
    }
}
