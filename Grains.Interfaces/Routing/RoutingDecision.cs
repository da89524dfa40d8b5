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

    /// <summary>The same decision with one more connector out; those behind it move up.</summary>
    /// <param name="connector">An eligible candidate's name; any other changes nothing.</param>
    public RoutingDecision Without(string connector, string reason)
    {
        if (!Candidates.Any(candidate => candidate.Eligible && candidate.Connector == connector)) return this;
        var judged = Candidates.Select(candidate => candidate.Connector == connector ? candidate with { Eligible = false, Reason = reason, Rank = null } : candidate).ToList();
        var eligible = judged.Where(candidate => candidate.Eligible).Select((candidate, index) => candidate with { Rank = index + 1 });
        var others = judged.Where(candidate => !candidate.Eligible).OrderBy(candidate => candidate.Connector, StringComparer.Ordinal);
        return this with { Candidates = [.. eligible, .. others] };
    }
}

/// <param name="Reason">Why it is out, snake_case; null when it is eligible.</param>
/// <param name="Rank">1 for the best; null when it is out.</param>
[GenerateSerializer, Immutable, Alias("routing_candidate")]
public sealed record RoutingCandidate(
    [property: Id(0)] string Connector,
    [property: Id(1)] bool Eligible,
    [property: Id(2)] string? Reason,
    [property: Id(3)] int? Rank);
