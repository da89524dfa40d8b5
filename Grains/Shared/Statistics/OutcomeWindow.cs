using OrleansPayments.Connectors;

namespace OrleansPayments.Grains.Shared.Statistics;

/// <summary>
/// What the last while came to: how often each outcome, and how long it took. The window is cut into <see cref="Buckets"/> parts, of which the oldest is forgotten as
/// the next one begins, so it covers between 95 % and 100 % of its length. Everything is allocated at the start (about 11 KiB); a report costs the same whatever the
/// window holds.
/// </summary>
internal sealed class OutcomeWindow
{
    public const int Buckets = 20;

    private const double WeightOfNewest = 0.1;

    private readonly int _kinds;
    private readonly BucketClock _clock;
    private readonly Action<int> _forget;
    private readonly int[] _outcomes;
    private readonly int[] _outcomeTotals;
    private readonly int[] _latencies = new int[Buckets * LatencyHistogram.Cells];
    private readonly int[] _latencyTotals = new int[LatencyHistogram.Cells];
    private int _timed;
    private double _average;

    /// <param name="time">Its monotonic clock.</param>
    /// <param name="length">Above 0.</param>
    /// <param name="kinds">How many outcomes there are.</param>
    public OutcomeWindow(TimeProvider time, TimeSpan length, int kinds)
    {
        _kinds = kinds;
        _clock = new BucketClock(time, length, Buckets);
        _forget = Forget;
        _outcomes = new int[Buckets * kinds];
        _outcomeTotals = new int[kinds];
    }

    /// <summary>Null when nothing was timed.</summary>
    public LatencyView? Latency
    {
        get
        {
            _clock.Advance(_forget);
            return _timed == 0 ? null : new LatencyView(_average, Percentile(0.50), Percentile(0.95), Percentile(0.99));
        }
    }

    /// <param name="outcome">From 0 on.</param>
    /// <param name="latency">Null for what says nothing of it.</param>
    public void Report(int outcome, TimeSpan? latency)
    {
        _clock.Advance(_forget);
        var bucket = _clock.Current;
        _outcomes[(bucket * _kinds) + outcome]++;
        _outcomeTotals[outcome]++;
        if (latency is not { } took) return;

        var cell = LatencyHistogram.CellOf(took);
        _latencies[(bucket * LatencyHistogram.Cells) + cell]++;
        _latencyTotals[cell]++;
        _average = _timed == 0 ? took.TotalMilliseconds : _average + (WeightOfNewest * (took.TotalMilliseconds - _average));
        _timed++;
    }

    public int Count(int outcome)
    {
        _clock.Advance(_forget);
        return _outcomeTotals[outcome];
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

    private void Forget(int bucket)
    {
        var outcomes = _outcomes.AsSpan(bucket * _kinds, _kinds);
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
