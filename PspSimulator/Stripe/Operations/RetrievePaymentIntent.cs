using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Stripe.Operations;

/// <summary>docs.stripe.com/api/payment_intents/retrieve</summary>
internal sealed class RetrievePaymentIntent : IStripeOperation
{
    public string Method => HttpMethods.Get;

    public string Path => "/v1/payment_intents/{id}";

    public Operation? Kind => Operation.Retrieve;

    public PreparedCall Prepare(StripeCall call)
    {
        foreach (var (name, _) in call.Fields) return PreparedCall.Refuse(StripeError.UnknownParameter(name));
        return PreparedCall.Run(_ => call.Account.Find(call.Id) is { } intent
            ? StripeReply.Ok(intent)
            : StripeReply.NotFound(StripeError.NoSuchIntent(call.Id)));
    }
}
