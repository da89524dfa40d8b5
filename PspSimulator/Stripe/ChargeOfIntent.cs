namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>A charge as an object of its own: it is written with its intent's currency, customer and metadata.</summary>
internal sealed record ChargeOfIntent(StripeCharge Charge, PaymentIntent Intent) : IStripeObject
{
    public string Id => Charge.Id;
}
