namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>Finds the card of a call.</summary>
internal static class PaymentMethodResolver
{
    // docs.stripe.com/testing gives test payment methods an expiry in the future and says no more of it.
    private const int YearsToExpiry = 4;

    /// <summary>The card, or why there cannot be one; neither if the call sent no payment method.</summary>
    public static (StripeCard? Card, CardDecline? Refusal) Resolve(PaymentIntentParameters parameters, CardVault vault, DateTimeOffset now)
    {
        if (parameters.PaymentMethodType is not null) return parameters.Card.Resolve(vault, now);
        if (parameters.PaymentMethod is null) return (null, null);
        return (vault.Describe(TestCards.NumberBehind(parameters.PaymentMethod)!, expMonth: 12, now.Year + YearsToExpiry), null);
    }
}
