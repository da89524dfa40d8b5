using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing;

/// <summary>
/// The most that may be expected to be left of the amount goes first: success rate × (amount − fee). The fee alone is taken off, not the weighted cost: the success
/// rate would count twice.
/// </summary>
internal sealed class ExpectedValueStrategy : IRoutingStrategy
{
    public string Behind => RoutingReasons.LowerExpectedValue;

    public bool ScoresCost => true;

    public RoutingJudgement Judge(RoutingRequest request, ulong seed, RoutableConnector connector, in RoutingCost cost) =>
        new(null, 0, cost.ExpectedLoss(request.Amount.MinorUnits, connector.Signals.SuccessRate));
}
