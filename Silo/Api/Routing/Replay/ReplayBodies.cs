using System.Collections.Immutable;
using OrleansPayments.Connectors;
using OrleansPayments.Routing;
using OrleansPayments.Silo.Api.Connectors;

namespace OrleansPayments.Silo.Api.Routing.Replay;

/// <summary>A replay on the wire.</summary>
/// <param name="Result">Null until it has succeeded, and in lists.</param>
internal sealed record RoutingReplayBody(
    string Id,
    string Object,
    RoutingReplayStatus Status,
    string? MerchantId,
    DateTimeOffset From,
    DateTimeOffset Until,
    RoutingPolicyBody Policy,
    ImmutableSortedDictionary<string, ImmutableArray<FeeBody>>? Fees,
    ReplayProgressBody Progress,
    string? FailureCode,
    ReplayResultBody? Result,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt)
{
    public static RoutingReplayBody Of(RoutingReplayView replay) => new(
        replay.Id.Value, "routing_replay", replay.Status, replay.Terms.MerchantId?.Value, replay.Terms.From, replay.Terms.Until, RoutingPolicyBody.Of(replay.Terms.Policy),
        replay.Terms.Fees.IsEmpty
            ? null
            : replay.Terms.Fees.ToImmutableSortedDictionary(one => one.Connector, one => one.Fees.Select(FeeBody.Of).ToImmutableArray(), StringComparer.Ordinal),
        ReplayProgressBody.Of(replay), replay.FailureCode, ReplayResultBody.Of(replay), replay.RequestedAt, replay.StartedAt, replay.EndedAt);
}

/// <summary>The draft, as it was understood; what the strategy does not use is null.</summary>
internal sealed record RoutingPolicyBody(
    string Strategy,
    WeightsBody? Weights,
    ImmutableArray<string>? Order,
    ImmutableSortedDictionary<string, int>? Split,
    ImmutableArray<RoutingRuleBody>? Rules,
    string? Otherwise)
{
    public static RoutingPolicyBody Of(RoutingConfiguration policy) => new(
        policy.Strategy, WeightsBody.Of(policy.Weights), RoutingRuleBody.NullIfEmpty(policy.Order),
        policy.Split.IsEmpty ? null : policy.Split.ToImmutableSortedDictionary(one => one.Connector, one => one.Share, StringComparer.Ordinal),
        policy.Rules.IsEmpty ? null : [.. policy.Rules.Select(RoutingRuleBody.Of)], policy.Otherwise);
}

/// <param name="Decisions">Looked at so far.</param>
/// <param name="Total">How many there are; known when all were read.</param>
/// <param name="Percent">Of what is to be read.</param>
internal sealed record ReplayProgressBody(long Decisions, long? Total, double Percent)
{
    public static ReplayProgressBody Of(RoutingReplayView replay)
    {
        var (rows, left) = (replay.Progress.Rows, replay.Progress.RowsLeft);
        var percent = replay.Status == RoutingReplayStatus.Succeeded ? 100 : rows is > 0 ? Math.Round(100.0 * (rows.Value - left) / rows.Value, 1) : 0;
        return new ReplayProgressBody(replay.Progress.Decisions, replay.Status == RoutingReplayStatus.Succeeded ? replay.Progress.Decisions : null, percent);
    }
}

/// <param name="Decisions">Replayed; those that were not comparable are none of them.</param>
/// <param name="Weights">By which <c>weighted_cost</c> is summed, before as under the draft.</param>
internal sealed record ReplayResultBody(
    long Decisions,
    long Changed,
    ImmutableSortedDictionary<string, long> NotComparable,
    WeightsBody Weights,
    ImmutableArray<ReplayCurrencyBody> Currencies,
    long DurationMs,
    double DecisionsPerSecond)
{
    public static ReplayResultBody? Of(RoutingReplayView replay)
    {
        if (replay.Figures is not { } figures) return null;
        var duration = replay.Progress.Duration;
        return new ReplayResultBody(
            figures.Decisions, figures.Changed,
            figures.NotComparable.ToImmutableSortedDictionary(count => count.Reason, count => count.Decisions, StringComparer.Ordinal),
            WeightsBody.Of(replay.Terms.Policy.Weights ?? RoutingWeights.Default)!,
            [.. figures.Cells.GroupBy(cell => cell.Currency, StringComparer.Ordinal).Select(group => ReplayCurrencyBody.Of(group.Key, [.. group]))],
            (long)duration.TotalMilliseconds, duration > TimeSpan.Zero ? Math.Round(replay.Progress.Decisions / duration.TotalSeconds, 1) : 0);
    }
}

/// <summary>One currency, in its minor units. Fees, costs and values are summed over the decisions that had a connector and would have one.</summary>
internal sealed record ReplayCurrencyBody(
    string Currency,
    long Decisions,
    long Changed,
    long Amount,
    ReplayUnroutedBody Unrouted,
    ReplayFeeBody Fee,
    ReplayCostBody WeightedCost,
    ReplayCostBody ExpectedValue,
    ImmutableArray<ReplayConnectorBody> Connectors,
    ImmutableArray<ReplayMoveBody> Moves)
{
    public static ReplayCurrencyBody Of(string currency, ImmutableArray<RoutingReplayCell> cells)
    {
        var routed = cells.Where(cell => cell is { From: not null, To: not null }).ToList();
        var moved = cells.Where(cell => cell.From != cell.To || cell.From == RoutingReplayCell.Others).ToList();
        var names = cells.Select(cell => cell.From).Concat(cells.Select(cell => cell.To)).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return new ReplayCurrencyBody(
            currency, cells.Sum(cell => cell.Decisions), moved.Sum(cell => cell.Decisions), cells.Sum(cell => cell.Amount),
            new ReplayUnroutedBody(cells.Where(cell => cell.From is null).Sum(cell => cell.Decisions), cells.Where(cell => cell.To is null).Sum(cell => cell.Decisions)),
            ReplayFeeBody.Of(routed.Sum(cell => cell.FeeBefore), routed.Sum(cell => cell.FeeAfter)),
            ReplayCostBody.Of(routed.Sum(cell => cell.WeightedBefore), routed.Sum(cell => cell.WeightedAfter)),
            ReplayCostBody.Of(routed.Sum(cell => cell.ValueBefore), routed.Sum(cell => cell.ValueAfter)),
            [.. names.Select(name => ReplayConnectorBody.Of(name, cells))],
            [.. moved.OrderByDescending(cell => cell.Decisions).Select(ReplayMoveBody.Of)]);
    }
}

/// <summary>Decisions without a connector.</summary>
internal sealed record ReplayUnroutedBody(long Before, long After);

internal sealed record ReplayFeeBody(long Before, long After, long Difference)
{
    public static ReplayFeeBody Of(long before, long after) => new(before, after, after - before);
}

internal sealed record ReplayCostBody(decimal Before, decimal After, decimal Difference)
{
    public static ReplayCostBody Of(decimal before, decimal after) => new(before, after, after - before);
}

/// <param name="Connector"><c>*</c> for all those together that had no place of their own.</param>
internal sealed record ReplayConnectorBody(string Connector, ReplayShareBody Before, ReplayShareBody After)
{
    public static ReplayConnectorBody Of(string name, ImmutableArray<RoutingReplayCell> cells)
    {
        var all = cells.Sum(cell => cell.Decisions);
        return new ReplayConnectorBody(
            name, Share([.. cells.Where(cell => cell.From == name)], cell => cell.FeeBefore), Share([.. cells.Where(cell => cell.To == name)], cell => cell.FeeAfter));

        ReplayShareBody Share(ImmutableArray<RoutingReplayCell> its, Func<RoutingReplayCell, long> feeOf)
        {
            var decisions = its.Sum(cell => cell.Decisions);
            return new ReplayShareBody(decisions, Math.Round(decisions / (double)all, 6), its.Sum(cell => cell.Amount), its.Sum(feeOf));
        }
    }
}

/// <param name="Share">Of the decisions in the currency: 0 to 1.</param>
internal sealed record ReplayShareBody(long Decisions, double Share, long Amount, long Fee);

/// <param name="From">Null for none.</param>
/// <param name="To">Null for none.</param>
/// <param name="FeeDifference">Null where one of the two is none.</param>
internal sealed record ReplayMoveBody(string? From, string? To, long Decisions, long Amount, long? FeeDifference)
{
    public static ReplayMoveBody Of(RoutingReplayCell cell) => new(
        cell.From, cell.To, cell.Decisions, cell.Amount, cell is { From: not null, To: not null } ? cell.FeeAfter - cell.FeeBefore : null);
}
