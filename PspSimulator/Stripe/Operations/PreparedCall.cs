namespace OrleansPayments.PspSimulator.Stripe.Operations;

/// <summary>A checked call: exactly one of the two is set.</summary>
/// <param name="Refusal">Why it will not be executed.</param>
/// <param name="Execute">Has the effect, once; its argument asks for the ordinary refusal in place of what would happen.</param>
internal readonly record struct PreparedCall(StripeReply? Refusal, Func<bool, StripeReply>? Execute)
{
    public static PreparedCall Refuse(StripeError error) => new(StripeReply.BadRequest(error), null);

    public static PreparedCall Run(Func<bool, StripeReply> execute) => new(null, execute);
}
