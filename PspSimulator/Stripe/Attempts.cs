using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>
/// What an attempt to charge does to an intent, without touching anything stored
/// (docs.stripe.com/payments/paymentintents/lifecycle).
/// </summary>
internal sealed class Attempts(RandomSource random)
{
    /// <summary>Confirms an intent with a card: it succeeds, waits for capture, waits for the customer, or is declined.</summary>
    /// <param name="forcedDecline">A fault's decline, in place of what the card would do.</param>
    /// <param name="authenticationUrl">Where the customer would authenticate.</param>
    public PaymentIntent Confirm(
        PaymentIntent intent, StripeCard card, bool offSession, bool errorOnRequiresAction, CardDecline? forcedDecline, string authenticationUrl)
    {
        if (forcedDecline is not null) return Decline(intent, card, forcedDecline);
        if (card.Behaviour.Decline is { } decline) return Decline(intent, card, decline);
        if (!card.Behaviour.RequiresAction) return Approve(intent, card);
        if (offSession) return Decline(intent, card, CardDecline.AuthenticationRequired);
        if (errorOnRequiresAction) return Decline(intent, card, CardDecline.AuthenticationNotHandled);
        return intent with
        {
            Status = PaymentIntentStatus.RequiresAction,
            Card = card,
            LastPaymentError = null,
            AuthenticationUrl = authenticationUrl,
        };
    }

    /// <summary>The issuer agrees: the money is taken, or reserved if capture is manual.</summary>
    public PaymentIntent Approve(PaymentIntent intent, StripeCard card)
    {
        var manual = intent.CaptureMethod == CaptureMethod.Manual;
        return intent with
        {
            Status = manual ? PaymentIntentStatus.RequiresCapture : PaymentIntentStatus.Succeeded,
            Card = card,
            LatestCharge = random.NextId("ch_"),
            AmountReceived = manual ? 0 : intent.Amount,
            AmountCapturable = manual ? intent.Amount : 0,
            LastPaymentError = null,
            AuthenticationUrl = null,
        };
    }

    /// <summary>The issuer refuses: the intent waits for another payment method.</summary>
    public PaymentIntent Decline(PaymentIntent intent, StripeCard card, CardDecline decline)
    {
        var charge = random.NextId("ch_");
        return intent with
        {
            Status = PaymentIntentStatus.RequiresPaymentMethod,
            Card = null,
            LatestCharge = charge,
            LastPaymentError = decline.ToError(charge, card),
            AuthenticationUrl = null,
        };
    }

    /// <summary>The answer to a call that made an attempt: the intent, or 402 if the attempt was declined.</summary>
    public static StripeReply ReplyTo(PaymentIntent intent) => intent.LastPaymentError is { } error
        ? StripeReply.Of(StatusCodes.Status402PaymentRequired, error, intent)
        : StripeReply.Ok(intent);
}
