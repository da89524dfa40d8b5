using OrleansPayments.Grains.Connectors.Http;

namespace OrleansPayments.Grains.Connectors.Stripe;

// What Stripe says without being asked. Source: docs.stripe.com/webhooks.
internal sealed partial class StripeProvider
{
    public CallbackReading ReadCallback(ConnectorAccess access, CallbackRequest request)
    {
        if (StripeCredentials.From(access.Credentials).WebhookSecret is not { Length: > 0 } secret) return new CallbackReading.Refused("no_webhook_secret");
        if (request.Body.Length > ProviderHttp.MaxAnswerBytes) return new CallbackReading.Refused("body_too_large");

        var header = request.Headers.GetValueOrDefault(StripeSignature.Header);
        return StripeSignature.WhyNot(header, request.Body.Span, secret, request.ReceivedAt) is { } reason
            ? new CallbackReading.Refused(reason)
            : StripeEvents.Read(access.Connector, request.Body);
    }
}
