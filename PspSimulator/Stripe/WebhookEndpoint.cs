using OrleansPayments.PspSimulator.World.Callbacks;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>An answer about a webhook endpoint (docs.stripe.com/api/webhook_endpoints/object).</summary>
internal sealed record WebhookEndpoint : IStripeObject
{
    public required string Id { get; init; }

    public required string Url { get; init; }

    public required IReadOnlyList<string> EnabledEvents { get; init; }

    public required DateTimeOffset Created { get; init; }

    public string? ApiVersion { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];

    /// <summary>Told once, in the answer that creates it.</summary>
    public string? Secret { get; init; }

    public bool Deleted { get; init; }

    public static WebhookEndpoint Of(CallbackEndpoint endpoint) => new()
    {
        Id = endpoint.Id,
        Url = endpoint.Url.OriginalString,
        EnabledEvents = endpoint.Types,
        Created = endpoint.CreatedAt,
    };
}
