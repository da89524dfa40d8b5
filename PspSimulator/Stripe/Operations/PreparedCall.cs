namespace OrleansPayments.PspSimulator.Stripe.Operations;

/// <summary>A checked call: exactly one of the two is set.</summary>
/// <param name="Refusal">Why it will not be executed.</param>
/// <param name="Execute">
/// Has the effect, once. Its argument, if there is one, takes the place of what would happen: a charge or a capture is declined with it, any other call gets its
/// ordinary refusal.
/// </param>
internal readonly record struct PreparedCall(StripeReply? Refusal, Func<CardDecline?, StripeReply>? Execute)
{
    public static PreparedCall Refuse(StripeError error) => new(StripeReply.BadRequest(error), null);

    public static PreparedCall Run(Func<CardDecline?, StripeReply> execute) => new(null, execute);
}
