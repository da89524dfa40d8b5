using OrleansPayments.PspSimulator.World;
using OrleansPayments.PspSimulator.World.Callbacks;

namespace OrleansPayments.PspSimulator.Stripe.Operations;

/// <summary>docs.stripe.com/api/webhook_endpoints/create; the URL must lead to this machine</summary>
internal sealed class CreateWebhookEndpoint(TimeProvider time, RandomSource random) : IStripeOperation
{
    private const int MaxEvents = 100;

    public string Method => HttpMethods.Post;

    public string Path => "/v1/webhook_endpoints";

    public Operation? Kind => null;

    public PreparedCall Prepare(StripeCall call)
    {
        string? url = null;
        string? description = null;
        string? version = null;
        var events = new List<string>();
        var metadata = new StripeMetadata();
        foreach (var (name, value) in call.Fields)
        {
            StripeError? error = null;
            if (name == "url") url = StripeFields.Text(name, value, ref error);
            else if (name == "description") description = StripeFields.Text(name, value, ref error);
            else if (name == "api_version") version = StripeFields.Text(name, value, ref error);
            else if (name.StartsWith("enabled_events[", StringComparison.Ordinal)) events.Add(StripeFields.Text(name, value, ref error));
            else if (!metadata.TryTake(name, value, ref error)) error = StripeError.UnknownParameter(name);
            if (error is not null) return PreparedCall.Refuse(error);
        }

        if (url is null) return PreparedCall.Refuse(StripeError.MissingParameter("url"));
        if (events.Count is 0 or > MaxEvents) return PreparedCall.Refuse(StripeError.MissingParameter("enabled_events"));
        if (CallbackEndpoint.ReadUrl(url) is not { } target)
        {
            return PreparedCall.Refuse(StripeError.InvalidRequest(
                "Invalid URL: this simulator calls http URLs on 127.0.0.1, [::1] or localhost only.", "url_invalid", "url"));
        }

        return PreparedCall.Run(_ =>
        {
            var endpoint = new CallbackEndpoint(random.NextId("we_"), target, events, time.GetUtcNow());
            if (!call.Account.World.Callbacks.TryAdd(endpoint))
                return StripeReply.BadRequest(StripeError.InvalidRequest("You have reached the maximum of 16 webhook endpoints."));
            return StripeReply.Ok(WebhookEndpoint.Of(endpoint) with
            {
                ApiVersion = version,
                Description = description,
                Metadata = metadata.Pairs,
                Secret = StripeSignature.SecretOf(call.Account.World.Name),
            });
        });
    }
}
