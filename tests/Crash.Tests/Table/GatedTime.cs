namespace OrleansPayments.Crash.Tests.Table;

/// <summary>The machine's time, except that waits of <see cref="Gate"/> or more end when a test says so.</summary>
internal sealed class GatedTime : TimeProvider
{
    /// <summary>The longest delay that the simulator takes.</summary>
    public static readonly TimeSpan Gate = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly List<Action> _waiting = [];

    public int Waiting
    {
        get
        {
            lock (_lock) return _waiting.Count;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < Gate) return base.CreateTimer(callback, state, dueTime, period);
        lock (_lock) _waiting.Add(() => callback(state));
        return new Gated();
    }

    public void Open()
    {
        Action[] waiting;
        lock (_lock)
        {
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        foreach (var go in waiting) go();
    }

    private sealed class Gated : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
