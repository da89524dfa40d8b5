using System.Collections.Immutable;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing;

/// <summary>What a rule says: these connectors and no others, in this order.</summary>
internal sealed class ListedStrategy(ImmutableArray<string> use) : IRoutingStrategy
{
    private readonly PlaceList _places = new(use);

    public string Behind => RoutingReasons.LaterInOrder;

    public bool ScoresCost => false;

    public RoutingJudgement Judge(RoutingRequest request, ulong seed, RoutableConnector connector, in RoutingCost cost) =>
        _places.Find(connector.Name) is { } place ? new RoutingJudgement(null, place, 0) : RoutingJudgement.OutBecause(RoutingReasons.NotInRule);
}
