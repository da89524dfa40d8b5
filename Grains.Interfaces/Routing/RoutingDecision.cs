using System.Collections.Immutable;

namespace OrleansPayments.Routing;

/// <summary>The order in which connectors may be tried, with the reason for each that may not.</summary>
/// <param name="DecisionId">Unique; the same payment asked twice gets two.</param>
/// <param name="Candidates">Eligible ones first, best first; then the others by name.</param>
[GenerateSerializer, Immutable, Alias("routing_decision")]
public sealed record RoutingDecision(
    [property: Id(0)] string DecisionId,
    [property: Id(1)] string Strategy,
    [property: Id(2)] ImmutableArray<RoutingCandidate> Candidates)
{
    /// <summary>The best eligible connector; null when none is.</summary>
    public string? Chosen => Candidates.Length > 0 && Candidates[0].Eligible ? Candidates[0].Connector : null;
}

/// <param name="Reason">Why it is out, snake_case; null when it is eligible.</param>
/// <param name="Rank">1 for the best; null when it is out.</param>
[GenerateSerializer, Immutable, Alias("routing_candidate")]
public sealed record RoutingCandidate(
    [property: Id(0)] string Connector,
    [property: Id(1)] bool Eligible,
    [property: Id(2)] string? Reason,
    [property: Id(3)] int? Rank);
