using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace OrleansPayments.Routing;

/// <summary>The order in which connectors may be tried, with the reason for each that is not the first.</summary>
/// <param name="DecisionId">Unique; the same payment asked twice gets two.</param>
/// <param name="Candidates">Eligible ones first, best first; then the others by name.</param>
/// <param name="Rule">Of <c>rules</c>: the position of the rule that held, 0 for the first; null where none did, and for every other strategy.</param>
/// <param name="Country">The country that it went by: the payment's, else the merchant's; null where neither was known.</param>
/// <param name="Failover">As it was configured; null for <see cref="FailoverSettings.Default"/>.</param>
[GenerateSerializer, Immutable, Alias("routing_decision")]
public sealed record RoutingDecision(
    [property: Id(0)] string DecisionId,
    [property: Id(1)] string Strategy,
    [property: Id(2)] ImmutableArray<RoutingCandidate> Candidates,
    [property: Id(3), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Rule = null,
    [property: Id(4), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Country = null,
    [property: Id(5), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] FailoverSettings? Failover = null)
{
    /// <summary>The best eligible connector; null when none is.</summary>
    public string? Chosen => Candidates.Length > 0 && Candidates[0].Eligible ? Candidates[0].Connector : null;

    /// <summary>The same decision with one more connector out; those behind it move up, and the one that is first now comes behind nobody.</summary>
    /// <param name="connector">An eligible candidate's name; any other changes nothing.</param>
    public RoutingDecision Without(string connector, string reason)
    {
        if (!Candidates.Any(candidate => candidate.Eligible && candidate.Connector == connector)) return this;
        var judged = Candidates.Select(candidate => candidate.Connector == connector ? candidate with { Eligible = false, Reason = reason, Rank = null } : candidate).ToList();
        var eligible = judged.Where(candidate => candidate.Eligible).Select((candidate, index) => candidate with { Rank = index + 1, Reason = index == 0 ? null : candidate.Reason });
        var others = judged.Where(candidate => !candidate.Eligible).OrderBy(candidate => candidate.Connector, StringComparer.Ordinal);
        return this with { Candidates = [.. eligible, .. others] };
    }
}

/// <summary>
/// A connector as one decision saw it. The terms are null where it may not take the payment, and in decisions from before they were kept: of eligible ones at first,
/// later of those too that the merchant's configuration left out.
/// </summary>
/// <param name="Reason">Why it is out, or by what it comes behind the first, snake_case; null for the first.</param>
/// <param name="Rank">1 for the best; null when it is out.</param>
/// <param name="Fee">What the provider would take, in minor units.</param>
/// <param name="Time">What the payer's waiting is taken to cost, in minor units.</param>
/// <param name="Risk">What failing is taken to cost, in minor units.</param>
/// <param name="SuccessRate">0 to 1, as it was known then.</param>
/// <param name="Cost">What the strategy compared, in minor units: the lowest wins; null where it does not go by cost, and where it left this one out.</param>
/// <param name="Priority">The connector's own, as it was then; kept with the terms, and null in decisions from before it was.</param>
[GenerateSerializer, Immutable, Alias("routing_candidate")]
[method: JsonConstructor]
public readonly record struct RoutingCandidate(
    [property: Id(0)] string Connector,
    [property: Id(1)] bool Eligible,
    [property: Id(2)] string? Reason,
    [property: Id(3)] int? Rank,
    [property: Id(4), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Fee = null,
    [property: Id(5), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Time = null,
    [property: Id(6), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Risk = null,
    [property: Id(7), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? SuccessRate = null,
    [property: Id(8), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Cost = null,
    [property: Id(9), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Priority = null);
