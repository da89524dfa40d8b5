using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>
/// What an attempt to charge does to an intent, without touching anything stored
/// (docs.stripe.com/payments/paymentintents/lifecycle).
/// </summary>
/// <param name="captureWindow">How long an authorization lasts.</param>
internal sealed class Attempts(RandomSource random, TimeProvider time, TimeSpan captureWindow)
{
    /// <summary>Confirms an intent with a card: it succeeds, waits for capture, for the customer or for the bank, or is declined.</summary>
    /// <param name="decline">What a fault asks for in place of what the card would do; null for none.</param>
    /// <param name="authenticationUrl">Where the customer would authenticate.</param>
    public PaymentIntent Confirm(
        PaymentIntent intent, StripeCard card, bool offSession, bool errorOnRequiresAction, CardDecline? decline, string authenticationUrl)
    {
        if (decline is not null) return Decline(intent, card, decline);
        if (!card.Behaviour.RequiresAction) return Decide(intent, card);
        if (offSession && card.Behaviour.SetUpForOffSession) return Decide(intent, card);
        if (offSession) return Decline(intent, card, card.Behaviour.Decline ?? CardDecline.AuthenticationRequired);
        if (errorOnRequiresAction) return Decline(intent, card, CardDecline.AuthenticationNotHandled);
        return intent with
        {
            Status = PaymentIntentStatus.RequiresAction,
            Card = card,
            LastPaymentError = null,
            AuthenticationUrl = authenticationUrl,
        };
    }

    /// <summary>The issuer's decision about a card that needs no (further) authentication.</summary>
    public PaymentIntent Decide(PaymentIntent intent, StripeCard card)
    {
        if (card.Behaviour.Decline is { } decline) return Decline(intent, card, decline);
        if (!card.Behaviour.DecidesLater) return Approve(intent, card, NewCharge(intent, card, ChargeOutcome.Succeeded));
        return intent with
        {
            Status = PaymentIntentStatus.Processing,
            Card = card,
            LatestCharge = NewCharge(intent, card, ChargeOutcome.Pending),
            LastPaymentError = null,
            AuthenticationUrl = null,
        };
    }

    /// <summary>The late decision about an intent that is <c>processing</c>; any other stays as it is.</summary>
    public PaymentIntent DecideLate(PaymentIntent intent) => intent.Status == PaymentIntentStatus.Processing
        ? Approve(intent, intent.Card!, intent.LatestCharge! with { Outcome = ChargeOutcome.Succeeded })
        : intent;

    /// <summary>The issuer refuses: the intent waits for another payment method.</summary>
    public PaymentIntent Decline(PaymentIntent intent, StripeCard card, CardDecline decline)
    {
        var charge = NewCharge(intent, card, ChargeOutcome.Failed) with { Decline = decline };
        return intent with
        {
            Status = PaymentIntentStatus.RequiresPaymentMethod,
            Card = null,
            LatestCharge = charge,
            LastPaymentError = decline.ToError(charge.Id, card),
            AuthenticationUrl = null,
        };
    }

    /// <summary>The customer did not authenticate: there is no charge, and the intent waits for another payment method.</summary>
    public static PaymentIntent FailAuthentication(PaymentIntent intent) => intent with
    {
        Status = PaymentIntentStatus.RequiresPaymentMethod,
        Card = null,
        LastPaymentError = CardDecline.AuthenticationFailed.ToError(charge: null, intent.Card),
        AuthenticationUrl = null,
    };

    /// <summary>The answer to a call that made an attempt: the intent, or 402 if the attempt was declined.</summary>
    public static StripeReply ReplyTo(PaymentIntent intent) => intent.LastPaymentError is { } error
        ? StripeReply.Of(StatusCodes.Status402PaymentRequired, error, intent)
        : StripeReply.Ok(intent);

    // The issuer agrees: the money is taken, or reserved if capture is manual.
    private PaymentIntent Approve(PaymentIntent intent, StripeCard card, StripeCharge charge)
    {
        var manual = intent.CaptureMethod == CaptureMethod.Manual;
        return intent with
        {
            Status = manual ? PaymentIntentStatus.RequiresCapture : PaymentIntentStatus.Succeeded,
            Card = card,
            LatestCharge = manual
                ? charge with { CaptureBefore = time.GetUtcNow() + captureWindow, Multicapture = intent.Multicapture && card.Brand != CardNumber.UnknownBrand }
                : charge with { AmountCaptured = intent.Amount, Captures = 1 },
            AmountReceived = manual ? 0 : intent.Amount,
            AmountCapturable = manual ? intent.Amount : 0,
            LastPaymentError = null,
            AuthenticationUrl = null,
        };
    }

    private StripeCharge NewCharge(PaymentIntent intent, StripeCard card, ChargeOutcome outcome) => new()
    {
        Id = random.NextId("ch_"),
        Outcome = outcome,
        Amount = intent.Amount,
        Card = card,
        Created = time.GetUtcNow(),
    };
}
