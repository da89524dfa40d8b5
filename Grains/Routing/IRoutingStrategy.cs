using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing;

/// <summary>One way to order connectors. Pure: the same arguments give the same judgement, whoever else is a candidate.</summary>
internal interface IRoutingStrategy
{
    /// <summary>What a connector is told whose score is higher than the first one's, snake_case.</summary>
    string Behind { get; }

    /// <summary>Whether the score is a cost in minor units.</summary>
    bool ScoresCost { get; }

    /// <summary>What <see cref="Judge"/> draws from, the same for all connectors of a payment; 0 for one that draws nothing.</summary>
    ulong SeedOf(RoutingRequest request) => 0;

    /// <summary>Judges a connector that may take the payment.</summary>
    /// <param name="seed">From <see cref="SeedOf"/>.</param>
    RoutingJudgement Judge(RoutingRequest request, ulong seed, RoutableConnector connector, in RoutingCost cost);
}

/// <param name="Against">Why this strategy leaves it out, snake_case; null when it does not.</param>
/// <param name="Place">In an order that the merchant gave; the lowest goes first.</param>
/// <param name="Score">Among those of the same place the lowest goes first.</param>
internal readonly record struct RoutingJudgement(string? Against, int Place, double Score)
{
    public static RoutingJudgement OutBecause(string reason) => new(reason, 0, 0);
}
