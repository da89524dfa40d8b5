using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing;

/// <summary>
/// Orders the connectors for one payment and says of each why it is not the first. Pure. Eligible ones come first: the preferred one, then by the strategy's place
/// and score, then by the connectors' own priority, then by name; the others follow by name. Other merchants' connectors are none of the candidates. Nothing is
/// allocated per candidate.
/// </summary>
internal static class RoutingChoice
{
    /// <param name="connectors">By name, ordinal.</param>
    /// <exception cref="OverflowException">A fee does not fit 64 bits.</exception>
    public static RoutingDecision Choose(string decisionId, RoutingRequest request, RoutingPlan plan, ReadOnlySpan<RoutableConnector> connectors)
    {
        var strategy = plan.For(request, out var rule);
        var standings = ArrayPool<Standing>.Shared.Rent(connectors.Length);
        var candidates = new RoutingCandidate[CountServing(connectors, request)];

        var eligible = Judge(request, strategy, connectors, standings, candidates);
        var order = standings.AsSpan(0, eligible);
        order.Sort();
        Explain(strategy, connectors, order, candidates);

        ArrayPool<Standing>.Shared.Return(standings);
        return new RoutingDecision(decisionId, plan.Name, ImmutableCollectionsMarshal.AsImmutableArray(candidates), rule, request.Country, plan.Failover);
    }

    private static int CountServing(ReadOnlySpan<RoutableConnector> connectors, RoutingRequest request)
    {
        var count = 0;
        foreach (var connector in connectors)
        {
            if (Eligibility.Serves(connector, request)) count++;
        }

        return count;
    }

    // From the last name to the first, so that those who are out fill the end of the candidates in the order of their names.
    private static int Judge(
        RoutingRequest request, IRoutingStrategy strategy, ReadOnlySpan<RoutableConnector> connectors, Span<Standing> standings, Span<RoutingCandidate> candidates)
    {
        var seed = strategy.SeedOf(request);
        var eligible = 0;
        var tail = candidates.Length;
        for (var at = connectors.Length - 1; at >= 0; at--)
        {
            var connector = connectors[at];
            if (!Eligibility.Serves(connector, request)) continue;
            var against = Eligibility.ReasonAgainst(connector, request);
            if (against is null)
            {
                var cost = RoutingCost.Of(request, connector);
                var judgement = strategy.Judge(request, seed, connector, cost);
                against = judgement.Against;
                if (against is null)
                {
                    var notPreferred = connector.Name != request.PreferredConnector;
                    standings[eligible++] = new Standing(notPreferred, judgement.Place, judgement.Score, connector.Settings.Priority, at, cost);
                    continue;
                }

                // With its terms: another policy might have taken it, and a replay asks.
                candidates[--tail] = new RoutingCandidate(
                    connector.Name, false, against, null, cost.Fee, cost.Time, cost.Risk, connector.Signals.SuccessRate, Priority: connector.Settings.Priority);
                continue;
            }

            candidates[--tail] = new RoutingCandidate(connector.Name, false, against, null);
        }

        return eligible;
    }

    private static void Explain(
        IRoutingStrategy strategy, ReadOnlySpan<RoutableConnector> connectors, ReadOnlySpan<Standing> order, Span<RoutingCandidate> candidates)
    {
        for (var at = 0; at < order.Length; at++)
        {
            var standing = order[at];
            var connector = connectors[standing.Index];
            var reason = at == 0 ? null : ReasonBehind(order[0], standing, strategy);
            candidates[at] = new RoutingCandidate(
                connector.Name, true, reason, at + 1, standing.Cost.Fee, standing.Cost.Time, standing.Cost.Risk, connector.Signals.SuccessRate,
                strategy.ScoresCost ? standing.Score : null, standing.Priority);
        }
    }

    // In the order in which they are compared.
    private static string ReasonBehind(in Standing first, in Standing other, IRoutingStrategy strategy)
    {
        if (other.NotPreferred != first.NotPreferred) return RoutingReasons.NotPreferred;
        if (other.Place != first.Place) return RoutingReasons.LaterInOrder;
        if (other.Score.CompareTo(first.Score) != 0) return strategy.Behind;
        if (other.Priority != first.Priority) return RoutingReasons.LowerPriority;
        return RoutingReasons.LaterName;
    }

    /// <param name="Index">Among the connectors, which are in the order of their names.</param>
    internal readonly record struct Standing(bool NotPreferred, int Place, double Score, int Priority, int Index, RoutingCost Cost) : IComparable<Standing>
    {
        public int CompareTo(Standing other)
        {
            if (NotPreferred != other.NotPreferred) return NotPreferred ? 1 : -1;
            if (Place != other.Place) return Place.CompareTo(other.Place);
            if (Score.CompareTo(other.Score) is not 0 and var byScore) return byScore;
            if (Priority != other.Priority) return Priority.CompareTo(other.Priority);
            return Index.CompareTo(other.Index);
        }
    }
}
