using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Stripe.Operations;

/// <summary>docs.stripe.com/api/webhook_endpoints/delete</summary>
internal sealed class DeleteWebhookEndpoint : IStripeOperation
{
    public string Method => HttpMethods.Delete;

    public string Path => "/v1/webhook_endpoints/{id}";

    public Operation? Kind => null;

    public PreparedCall Prepare(StripeCall call) => PreparedCall.Run(_ =>
    {
        var callbacks = call.Account.World.Callbacks;
        if (callbacks.Endpoints.FirstOrDefault(endpoint => endpoint.Id == call.Id) is not { } known)
            return StripeReply.NotFound(StripeError.NoSuch("webhook endpoint", call.Id, "id"));
        callbacks.Remove(known.Id);
        return StripeReply.Ok(WebhookEndpoint.Of(known) with { Deleted = true });
    });
}
