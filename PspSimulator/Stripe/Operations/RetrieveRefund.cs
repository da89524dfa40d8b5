using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Stripe.Operations;

/// <summary>docs.stripe.com/api/refunds/retrieve</summary>
internal sealed class RetrieveRefund : IStripeOperation
{
    public string Method => HttpMethods.Get;

    public string Path => "/v1/refunds/{id}";

    public Operation? Kind => Operation.Retrieve;

    public PreparedCall Prepare(StripeCall call)
    {
        foreach (var (name, _) in call.Fields) return PreparedCall.Refuse(StripeError.UnknownParameter(name));
        return PreparedCall.Run(_ => call.Account.Refunds.Find(call.Id) is { } refund
            ? StripeReply.Ok(refund)
            : StripeReply.NotFound(StripeError.NoSuch("refund", call.Id, "id")));
    }
}
