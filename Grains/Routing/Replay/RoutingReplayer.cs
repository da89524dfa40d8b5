using System.Collections.Frozen;
using System.Collections.Immutable;
using OrleansPayments.Connectors;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing.Replay;

/// <summary>
/// Takes past decisions again under a draft policy, by the strategies and the order of live ones. Connectors are what they were then: who could not take the payment
/// still cannot, terms and priorities are the stored ones, but for the fees that the draft gives. Pure.
/// </summary>
internal sealed class RoutingReplayer
{
    private readonly RoutingPlan _plan;
    private readonly RoutingWeights _weights;
    private readonly FrozenDictionary<string, ImmutableArray<ConnectorFee>> _fees;

    // As the last decision knew them: most know them alike.
    private readonly Dictionary<string, RoutableConnector> _connectors = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">The policy names a strategy that there is not.</exception>
    public RoutingReplayer(RoutingConfiguration policy, ImmutableArray<DraftFees> fees)
    {
        _plan = RoutingPlan.Of(policy);
        _weights = policy.Weights ?? RoutingWeights.Default;
        _fees = fees.ToFrozenDictionary(one => one.Connector, one => one.Fees, StringComparer.Ordinal);
    }

    /// <exception cref="OverflowException">A fee does not fit 64 bits.</exception>
    public ReplayedDecision Replay(PastDecision past)
    {
        var (request, decision) = (past.Request, past.Decision);
        var candidates = decision.Candidates.AsSpan();
        var before = candidates.Length > 0 && candidates[0].Eligible ? 0 : -1;
        if (before >= 0 && !HasTerms(candidates[before])) return ReplayedDecision.NotComparableBecause(ReplayReasons.TermsNotStored);

        var strategy = _plan.For(request, out _);
        var seed = strategy.SeedOf(request);
        var after = -1;
        var first = default(RoutingChoice.Standing);
        var (isTieOpen, isRivalUnknown, isPreferredUnknown) = (false, false, false);
        for (var at = 0; at < candidates.Length; at++)
        {
            ref readonly var candidate = ref candidates[at];
            if (!MayTake(candidate)) continue;

            var hasTerms = HasTerms(candidate);
            var cost = hasTerms ? CostOf(request, candidate) : default;
            var judgement = strategy.Judge(request, seed, ConnectorOf(candidate), cost);
            if (judgement.Against is not null) continue;

            var notPreferred = candidate.Connector != request.PreferredConnector;
            if (!hasTerms && strategy.ScoresCost)
            {
                isRivalUnknown = true;
                isPreferredUnknown |= !notPreferred;
                continue;
            }

            var standing = new RoutingChoice.Standing(notPreferred, judgement.Place, judgement.Score, candidate.Priority ?? 0, 0, cost);
            if (after < 0)
            {
                (after, first) = (at, standing);
                continue;
            }

            var order = standing.CompareTo(first);
            var isTied = (standing with { Priority = 0 }).CompareTo(first with { Priority = 0 }) == 0;
            isTieOpen = isTied ? isTieOpen || candidate.Priority is null || candidates[after].Priority is null : isTieOpen && order > 0;
            if (order == 0) order = string.CompareOrdinal(candidate.Connector, candidates[after].Connector);
            if (order < 0) (after, first) = (at, standing);
        }

        // A preferred one that is known goes first, whatever the others cost.
        if (isPreferredUnknown || (isRivalUnknown && (after < 0 || first.NotPreferred))) return ReplayedDecision.NotComparableBecause(ReplayReasons.TermsNotStored);
        if (after >= 0 && !HasTerms(candidates[after])) return ReplayedDecision.NotComparableBecause(ReplayReasons.TermsNotStored);
        if (isTieOpen) return ReplayedDecision.NotComparableBecause(ReplayReasons.PriorityNotStored);

        var amount = request.Amount.MinorUnits;
        return new ReplayedDecision(
            null,
            before < 0 ? null : ChoiceOf(candidates[before], CostThen(candidates[before]), amount),
            after < 0 ? null : ChoiceOf(candidates[after], first.Cost, amount));
    }

    private static bool MayTake(in RoutingCandidate candidate) => candidate.Eligible || candidate.Reason is RoutingReasons.NotInRule or RoutingReasons.NotInSplit;

    private static bool HasTerms(in RoutingCandidate candidate) => candidate is { Fee: not null, Time: not null, Risk: not null, SuccessRate: not null };

    private static RoutingCost CostThen(in RoutingCandidate candidate) => new(candidate.Fee!.Value, candidate.Time!.Value, candidate.Risk!.Value);

    private RoutingCost CostOf(RoutingRequest request, in RoutingCandidate candidate)
    {
        var then = CostThen(candidate);
        if (_fees.Count == 0 || !_fees.TryGetValue(candidate.Connector, out var fees)) return then;
        return then with { Fee = ConnectorFees.FeeOf(fees, request) };
    }

    private ReplayedChoice ChoiceOf(in RoutingCandidate candidate, RoutingCost cost, long amount) => new(
        candidate.Connector, cost.Fee, (decimal)cost.WeightedBy(_weights), amount - (decimal)cost.ExpectedLoss(amount, candidate.SuccessRate!.Value));

    private RoutableConnector ConnectorOf(in RoutingCandidate candidate)
    {
        var successRate = candidate.SuccessRate ?? RoutingSignals.Unknown.SuccessRate;
        if (_connectors.TryGetValue(candidate.Connector, out var known) && known.Signals.SuccessRate.Equals(successRate)) return known;
        var connector = new RoutableConnector(known?.View ?? ViewOf(candidate.Connector), RoutingSignals.Unknown with { SuccessRate = successRate });
        _connectors[candidate.Connector] = connector;
        return connector;
    }

    // Strategies look at the name and the signals; what else they are told is in the cost.
    private static ConnectorView ViewOf(string connector)
    {
        var capabilities = new ConnectorCapabilities([], [], []);
        var settings = new ConnectorSettings(true, 0, 0, capabilities, [], HealthSettings.Default, InquirySettings.Default, null);
        return new ConnectorView(ConnectorName.Parse(connector), "", settings, 0, default, default);
    }
}

/// <param name="NotComparable">Why it could not be replayed, snake_case; null when it was.</param>
/// <param name="Before">Null when there was no connector.</param>
/// <param name="After">Null when there would be none.</param>
internal readonly record struct ReplayedDecision(string? NotComparable, ReplayedChoice? Before, ReplayedChoice? After)
{
    public static ReplayedDecision NotComparableBecause(string reason) => new(reason, null, null);
}

/// <param name="Fee">In minor units, as the next two.</param>
/// <param name="Weighted">The cost by the draft's weights, else the default ones.</param>
/// <param name="Value">What may be expected to be left of the amount.</param>
internal readonly record struct ReplayedChoice(string Connector, long Fee, decimal Weighted, decimal Value);
