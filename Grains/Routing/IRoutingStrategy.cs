using System.Collections.Immutable;
using OrleansPayments.Connectors;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing;

/// <summary>One way to order connectors. Pure: the same arguments give the same order.</summary>
internal interface IRoutingStrategy
{
    /// <summary>As shown with each decision: <c>priority</c>, …</summary>
    string Name { get; }

    /// <summary>Every connector, eligible ones first and best first, each of the others with its reason.</summary>
    ImmutableArray<RoutingCandidate> Order(RoutingRequest request, IReadOnlyCollection<ConnectorView> connectors);
}
