namespace OrleansPayments.Routing;

/// <summary>What a route is wanted for.</summary>
/// <param name="Method"><c>card</c>, …</param>
/// <param name="PreferredConnector">Goes first where it is eligible; null for none.</param>
[GenerateSerializer, Immutable, Alias("routing_request")]
public sealed record RoutingRequest(
    [property: Id(0)] PaymentId PaymentId,
    [property: Id(1)] MerchantId MerchantId,
    [property: Id(2)] Money Amount,
    [property: Id(3)] string Method,
    [property: Id(4)] string? PreferredConnector);
