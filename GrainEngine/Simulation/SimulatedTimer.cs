namespace Orleans.Simulation;

/// <summary>A timer on the simulation's clock. Its callback is a step of its own, without a synchronization context.</summary>
internal sealed class SimulatedTimer(SimulationLoop loop, SimulatedProcess process, TimerCallback callback, object? state) : ITimer
{
    private static readonly ulong LabelHash = SimulationTrace.HashOf("timer");

    private TimeSpan _period;
    private bool _disposed;

    public SimulatedProcess Process => process;

    /// <summary>Raised by each change, so that what was set before is void.</summary>
    public int Generation { get; private set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_disposed || !loop.IsInside("A change of a timer"))
            return false;
        Generation++;
        _period = period;
        if (dueTime != Timeout.InfiniteTimeSpan)
            loop.SetTimer(this, dueTime);
        return true;
    }

    public void Dispose()
    {
        if (!loop.IsInside("The end of a timer"))
            return;
        _disposed = true;
        Generation++;
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    public SimulationStep ToStep(int generation) => new(process, "timer", LabelHash, Context: null, Fire, generation);

    private void Fire(object? generation)
    {
        // Changed or disposed after it fell due and before its step came.
        if (Generation != (int)generation!)
            return;
        if (_period > TimeSpan.Zero)
            loop.SetTimer(this, _period);
        callback(state);
    }
}
