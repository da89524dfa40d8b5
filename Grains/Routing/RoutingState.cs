using System.Collections.Immutable;
using OrleansPayments.Connectors;

namespace OrleansPayments.Grains.Routing;

/// <summary>The names of all connectors, in the order in which they came.</summary>
internal sealed record RoutingState(ImmutableArray<ConnectorName> Connectors)
{
    public static RoutingState Empty { get; } = new(ImmutableArray<ConnectorName>.Empty);
}
