using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Stripe.Operations;

/// <summary>docs.stripe.com/api/charges/retrieve, for the newest charge of an intent</summary>
internal sealed class RetrieveCharge : IStripeOperation
{
    public string Method => HttpMethods.Get;

    public string Path => "/v1/charges/{id}";

    public Operation? Kind => Operation.Retrieve;

    public PreparedCall Prepare(StripeCall call)
    {
        foreach (var (name, _) in call.Fields) return PreparedCall.Refuse(StripeError.UnknownParameter(name));
        return PreparedCall.Run(_ => call.Account.FindByCharge(call.Id) is { LatestCharge: { } charge } intent
            ? StripeReply.Ok(new ChargeOfIntent(charge, intent))
            : StripeReply.NotFound(StripeError.NoSuch("charge", call.Id, "id")));
    }
}
