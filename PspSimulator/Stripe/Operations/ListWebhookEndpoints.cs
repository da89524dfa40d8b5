using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Stripe.Operations;

/// <summary>docs.stripe.com/api/webhook_endpoints/list, newest first, always all of them</summary>
internal sealed class ListWebhookEndpoints : IStripeOperation
{
    public string Method => HttpMethods.Get;

    public string Path => "/v1/webhook_endpoints";

    public Operation? Kind => null;

    public PreparedCall Prepare(StripeCall call)
    {
        foreach (var (name, _) in call.Fields)
        {
            if (name != "limit") return PreparedCall.Refuse(StripeError.UnknownParameter(name));
        }

        return PreparedCall.Run(_ => StripeReply.Ok(new StripeList(
            "list", Path, [.. call.Account.World.Callbacks.Endpoints.Reverse().Select(WebhookEndpoint.Of)], HasMore: false, NextPage: null)));
    }
}
