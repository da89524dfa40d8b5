using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing;

/// <summary>The lowest weighted cost first, as <see cref="RoutingCost"/> derives it.</summary>
internal sealed class WeightedCostStrategy(RoutingWeights weights) : IRoutingStrategy
{
    public string Behind => RoutingReasons.HigherCost;

    public bool ScoresCost => true;

    public RoutingJudgement Judge(RoutingRequest request, ulong seed, RoutableConnector connector, in RoutingCost cost) => new(null, 0, cost.WeightedBy(weights));
}
