using OrleansPayments.Routing;

namespace OrleansPayments.Payments;

/// <summary>How a payment came to its connector.</summary>
/// <param name="Decision">The last one; null when no route was ever asked for.</param>
/// <param name="DecidedAt">When it was recorded; null without one.</param>
[GenerateSerializer, Immutable, Alias("payment_routing")]
public sealed record PaymentRouting([property: Id(0)] RoutingDecision? Decision, [property: Id(1)] DateTimeOffset? DecidedAt);
