using System.Collections.Immutable;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing;

/// <summary>Connectors in the merchant's order; those that it does not name follow by their own priority.</summary>
internal sealed class PriorityStrategy(ImmutableArray<string> order) : IRoutingStrategy
{
    private readonly PlaceList _places = new(order);

    public string Behind => RoutingReasons.LaterInOrder;

    public bool ScoresCost => false;

    public RoutingJudgement Judge(RoutingRequest request, ulong seed, RoutableConnector connector, in RoutingCost cost) =>
        new(null, _places.Find(connector.Name) ?? _places.Count, 0);
}
