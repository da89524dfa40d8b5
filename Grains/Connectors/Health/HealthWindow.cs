using OrleansPayments.Connectors;

namespace OrleansPayments.Grains.Connectors.Health;

/// <summary>
/// What the charges of the last while came to. The window is cut into <see cref="Buckets"/> parts, of which the oldest is forgotten as the next one begins, so it covers
/// between 95 % and 100 % of its length. Everything is allocated at the start (about 11 KiB); a report costs the same whatever the window holds.
/// </summary>
internal sealed class HealthWindow
{
    public const int Buckets = 20;

    private const double WeightOfNewest = 0.1;

    private static readonly int Outcomes = Enum.GetValues<ChargeOutcome>().Length;

    private readonly TimeProvider _time;
    private readonly TimeSpan _bucketLength;
    private readonly long _origin;
    private readonly int[] _outcomes = new int[Buckets * Outcomes];
    private readonly int[] _outcomeTotals = new int[Outcomes];
    private readonly int[] _latencies = new int[Buckets * LatencyHistogram.Cells];
    private readonly int[] _latencyTotals = new int[LatencyHistogram.Cells];
    private long _bucket;
    private int _timed;
    private double _average;

    /// <param name="time">Its monotonic clock.</param>
    /// <param name="length">Above 0.</param>
    public HealthWindow(TimeProvider time, TimeSpan length)
    {
        _time = time;
        _bucketLength = length / Buckets;
        _origin = time.GetTimestamp();
    }

    /// <summary>Charges whose technical outcome is known.</summary>
    public int Calls => Successes + Count(ChargeOutcome.Refused) + Count(ChargeOutcome.Unknown) + Count(ChargeOutcome.NotSent);

    /// <summary>Technical successes / calls; null without calls.</summary>
    public double? SuccessRate => Calls is > 0 and var calls ? (double)Successes / calls : null;

    /// <summary>Approved / (approved + declined); null without either.</summary>
    public double? AuthorizationRate =>
        Count(ChargeOutcome.Approved) + Count(ChargeOutcome.Declined) is > 0 and var decided ? (double)Count(ChargeOutcome.Approved) / decided : null;

    public TechnicalFailures Failures => new(Count(ChargeOutcome.Refused), Count(ChargeOutcome.Unknown), Count(ChargeOutcome.NotSent));

    /// <summary>Null when nothing was sent.</summary>
    public LatencyView? Latency
    {
        get
        {
            Advance();
            if (_timed == 0) return null;
            return new LatencyView(_average, Percentile(0.50), Percentile(0.95), Percentile(0.99));
        }
    }

    private int Successes => Count(ChargeOutcome.Approved) + Count(ChargeOutcome.Declined) + Count(ChargeOutcome.Undecided);

    public void Report(ChargeOutcome outcome, TimeSpan latency)
    {
        Advance();
        var bucket = (int)(_bucket % Buckets);
        _outcomes[(bucket * Outcomes) + (int)outcome]++;
        _outcomeTotals[(int)outcome]++;

        // What was never sent took no time of the connector's.
        if (outcome is ChargeOutcome.NotSent or ChargeOutcome.Unused) return;
        var cell = LatencyHistogram.CellOf(latency);
        _latencies[(bucket * LatencyHistogram.Cells) + cell]++;
        _latencyTotals[cell]++;
        _average = _timed == 0 ? latency.TotalMilliseconds : _average + (WeightOfNewest * (latency.TotalMilliseconds - _average));
        _timed++;
    }

    public int Count(ChargeOutcome outcome)
    {
        Advance();
        return _outcomeTotals[(int)outcome];
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_outcomes);
        Array.Clear(_outcomeTotals);
        Array.Clear(_latencies);
        Array.Clear(_latencyTotals);
        _timed = 0;
    }

    private double Percentile(double part) => LatencyHistogram.Percentile(_latencyTotals, _timed, part);

    private void Advance()
    {
        var bucket = _time.GetElapsedTime(_origin).Ticks / Math.Max(1, _bucketLength.Ticks);
        if (bucket - _bucket >= Buckets)
        {
            Clear();
            _bucket = bucket;
        }

        while (_bucket < bucket) Forget((int)(++_bucket % Buckets));
    }

    private void Forget(int bucket)
    {
        var outcomes = _outcomes.AsSpan(bucket * Outcomes, Outcomes);
        for (var outcome = 0; outcome < outcomes.Length; outcome++) _outcomeTotals[outcome] -= outcomes[outcome];
        outcomes.Clear();

        var latencies = _latencies.AsSpan(bucket * LatencyHistogram.Cells, LatencyHistogram.Cells);
        for (var cell = 0; cell < latencies.Length; cell++)
        {
            _latencyTotals[cell] -= latencies[cell];
            _timed -= latencies[cell];
        }

        latencies.Clear();
    }
}
