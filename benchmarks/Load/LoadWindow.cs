namespace OrleansPayments.Benchmarks.Load;

/// <summary>When load counts: not while it warms up, then for a bounded time.</summary>
internal sealed class LoadWindow(TimeSpan warmUp, TimeSpan length)
{
    // A worker that hangs must not hang the run; longer than any call of the silo may take.
    private static readonly TimeSpan LastAnswersPatience = TimeSpan.FromSeconds(45);

    private readonly TimeProvider _time = TimeProvider.System;
    private volatile bool _stopped;
    private volatile bool _counting;

    /// <summary>Warm-up included.</summary>
    public TimeSpan WholeLength => warmUp + length;

    /// <summary>Workers begin nothing new once this is true.</summary>
    public bool IsOver => _stopped;

    /// <summary>Whether the measured time is running.</summary>
    public bool IsCounting => _counting;

    /// <summary>Runs workers until the window is over and the last of them has its answer.</summary>
    /// <param name="count">How many payments are done so far.</param>
    public async Task<Measured> MeasureAsync(IReadOnlyList<Task> workers, Func<long> count, CpuUsage cpu, CancellationToken cancellation)
    {
        var failed = FirstEndAsync(workers);
        try
        {
            await WaitAsync(warmUp, failed, cancellation);
            var cpuBefore = cpu.Read();
            var before = count();
            var (pauses, allocated) = (GC.GetTotalPauseDuration(), GC.GetTotalAllocatedBytes());
            var started = _time.GetTimestamp();
            _counting = true;
            await WaitAsync(length, failed, cancellation);
            _counting = false;
            var elapsed = _time.GetElapsedTime(started);
            var done = count() - before;
            return new Measured(done, elapsed, cpu.Read().Since(cpuBefore), GC.GetTotalPauseDuration() - pauses, GC.GetTotalAllocatedBytes() - allocated);
        }
        finally
        {
            _counting = false;
            _stopped = true;
            await Task.WhenAll(workers).WaitAsync(LastAnswersPatience, CancellationToken.None);
        }
    }

    // A worker ends early only by failing.
    private static async Task FirstEndAsync(IEnumerable<Task> workers) => await await Task.WhenAny(workers);

    private async Task WaitAsync(TimeSpan duration, Task failed, CancellationToken cancellation) =>
        await await Task.WhenAny(Task.Delay(duration, _time, cancellation), failed);
}

/// <param name="Payments">Done within the measured time.</param>
/// <param name="GcPauses">How long the garbage collector stopped this process.</param>
/// <param name="AllocatedBytes">By this process.</param>
internal sealed record Measured(long Payments, TimeSpan Elapsed, CpuTimes Cpu, TimeSpan GcPauses, long AllocatedBytes)
{
    public double PerSecond => Payments / Elapsed.TotalSeconds;
}
