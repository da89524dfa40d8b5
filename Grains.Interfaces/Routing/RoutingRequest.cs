using System.Collections.Immutable;

namespace OrleansPayments.Routing;

/// <summary>What a route is wanted for.</summary>
/// <param name="Method"><c>card</c>, …</param>
/// <param name="PreferredConnector">Goes first where it is eligible; null for none.</param>
/// <param name="Network">The card's, as in <see cref="Payments.CardSummary.Brand"/>; null where there is no card.</param>
/// <param name="Bin">The first six digits of the card; null where there is none.</param>
/// <param name="Metadata">The payment's own; null for none.</param>
/// <param name="Country">Of the payment's billing address, ISO 3166-1 alpha-2; null where it tells none, and then routing takes the merchant's.</param>
/// <param name="At">When it is decided; routing sets it.</param>
[GenerateSerializer, Immutable, Alias("routing_request")]
public sealed record RoutingRequest(
    [property: Id(0)] PaymentId PaymentId,
    [property: Id(1)] MerchantId MerchantId,
    [property: Id(2)] Money Amount,
    [property: Id(3)] string Method,
    [property: Id(4)] string? PreferredConnector,
    [property: Id(5)] string? Network = null,
    [property: Id(6)] string? Bin = null,
    [property: Id(7)] ImmutableSortedDictionary<string, string>? Metadata = null,
    [property: Id(8)] string? Country = null,
    [property: Id(9)] DateTimeOffset At = default);
