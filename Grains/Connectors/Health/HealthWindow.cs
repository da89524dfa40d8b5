using OrleansPayments.Connectors;
using OrleansPayments.Grains.Shared.Statistics;

namespace OrleansPayments.Grains.Connectors.Health;

/// <summary>What the charges of the last while came to.</summary>
/// <param name="time">Its monotonic clock.</param>
/// <param name="length">Above 0.</param>
internal sealed class HealthWindow(TimeProvider time, TimeSpan length)
{
    private static readonly int Outcomes = Enum.GetValues<ChargeOutcome>().Length;

    private readonly OutcomeWindow _window = new(time, length, Outcomes);

    /// <summary>Charges whose technical outcome is known.</summary>
    public int Calls => Successes + Count(ChargeOutcome.Refused) + Count(ChargeOutcome.Unknown) + Count(ChargeOutcome.NotSent);

    /// <summary>Technical successes / calls; null without calls.</summary>
    public double? SuccessRate => Calls is > 0 and var calls ? (double)Successes / calls : null;

    /// <summary>Approved / (approved + declined); null without either.</summary>
    public double? AuthorizationRate =>
        Count(ChargeOutcome.Approved) + Count(ChargeOutcome.Declined) is > 0 and var decided ? (double)Count(ChargeOutcome.Approved) / decided : null;

    public TechnicalFailures Failures => new(Count(ChargeOutcome.Refused), Count(ChargeOutcome.Unknown), Count(ChargeOutcome.NotSent));

    /// <summary>Null when nothing was sent.</summary>
    public LatencyView? Latency => _window.Latency;

    private int Successes => Count(ChargeOutcome.Approved) + Count(ChargeOutcome.Declined) + Count(ChargeOutcome.Undecided);

    // What was never sent took no time of the connector's.
    public void Report(ChargeOutcome outcome, TimeSpan latency) =>
        _window.Report((int)outcome, outcome is ChargeOutcome.NotSent or ChargeOutcome.Unused ? null : latency);

    public int Count(ChargeOutcome outcome) => _window.Count((int)outcome);

    /// <summary>Forgets everything.</summary>
    public void Clear() => _window.Clear();
}
