using Orleans.Runtime;

namespace OrleansPayments.Grains.Connectors.Health;

/// <summary>Tells routing how a connector fares: at once when its circuit changed, else at most ten times a second and never later than a tenth of one.</summary>
internal sealed class HealthFeed(IGrainBase grain, TimeProvider time, Func<Task> tell)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private long? _toldAt;
    private bool _waiting;
    private IGrainTimer? _timer;

    public Task Now()
    {
        _toldAt = time.GetTimestamp();
        return tell();
    }

    public Task Soon()
    {
        if (_waiting) return Task.CompletedTask;
        if (_toldAt is not { } told || time.GetElapsedTime(told) >= Pause) return Now();
        Wait(Pause - time.GetElapsedTime(told));
        return Task.CompletedTask;
    }

    private void Wait(TimeSpan left)
    {
        try
        {
            if (_timer is null) _timer = grain.RegisterGrainTimer(Tick, new GrainTimerCreationOptions(left, Timeout.InfiniteTimeSpan) { Interleave = true });
            else _timer.Change(left, Timeout.InfiniteTimeSpan);
            _waiting = true;
        }
        catch (Exception e) when (e is InvalidOperationException or ObjectDisposedException)
        {
            // The activation is ending, and its health with it.
        }
    }

    private Task Tick(CancellationToken cancellationToken)
    {
        _waiting = false;
        return Now();
    }
}
