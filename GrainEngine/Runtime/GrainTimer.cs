using System.Diagnostics.CodeAnalysis;
using Orleans.CodeGeneration;

namespace Orleans.Runtime;

/// <summary>
/// A timer of one activation. The clock only puts a tick into the mailbox; the tick runs as a turn, and when it has ended the clock is set for the next one. So
/// at most one tick exists per timer, and a slow grain makes its timers late instead of piling ticks up.
/// </summary>
internal sealed class GrainTimer : IGrainTimer
{
    private static readonly GrainMethod QueuedTick = new("Timer", "Tick", GrainCallOptions.OneWay, timeout: null);
    private static readonly GrainMethod InterleavingTick = new("Timer", "Tick", GrainCallOptions.OneWay | GrainCallOptions.AlwaysInterleave, timeout: null);

    private readonly Activation _activation;
    private readonly TimeProvider _time;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly bool _interleave;
    private readonly bool _keepAlive;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _ending = new();
    private ITimer? _clock;
    private TimeSpan _dueTime;
    private TimeSpan _period;

    // A tick is queued or runs. Guarded by the gate.
    private bool _ticking;

    // Change was called during a tick, so the end of the tick must not set the clock. Guarded by the gate.
    private bool _changed;
    private bool _disposed;

    private GrainTimer? _previous;
    private GrainTimer? _next;

    public GrainTimer(Activation activation, TimeProvider time, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        Validate(options.DueTime, options.Period);
        _activation = activation;
        _time = time;
        _callback = callback;
        _interleave = options.Interleave;
        _keepAlive = options.KeepAlive;
        _dueTime = options.DueTime;
        _period = options.Period;
    }

    /// <summary>Starts the clock.</summary>
    public void Begin()
    {
        // The clock must not carry the context of the call that happened to start the timer.
        using var noFlow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        lock (_gate)
        {
            _clock = _time.CreateTimer(static state => ((GrainTimer)state!).OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _clock.Change(_dueTime, Timeout.InfiniteTimeSpan);
        }
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Validate(dueTime, period);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _dueTime = dueTime;
            _period = period;
            _changed = true;
            // While a tick exists, its end sets the clock, so that ticks never overlap.
            if (!_ticking)
                _clock!.Change(dueTime, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            _clock?.Dispose();
        }

        // In the grain's turn, where disposal belongs, the list of timers is safe to touch; from elsewhere it is done in a turn.
        if (ReferenceEquals(SynchronizationContext.Current, _activation))
            End();
        else
            _activation.Post(static state => ((GrainTimer)state!).End(), this);
    }

    public void Link(ref GrainTimer? first)
    {
        _next = first;
        if (first is not null)
            first._previous = this;
        first = this;
    }

    public void Unlink(ref GrainTimer? first)
    {
        if (_previous is not null)
            _previous._next = _next;
        else if (ReferenceEquals(first, this))
            first = _next;
        if (_next is not null)
            _next._previous = _previous;
        _previous = _next = null;
    }

    private static void Validate(TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        if (period != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.Zero);
    }

    private void End()
    {
        _activation.RemoveTimer(this);
        _ending.Cancel();
    }

    private void OnDue()
    {
        lock (_gate)
        {
            if (_disposed || _ticking)
                return;
            _ticking = true;
            _changed = false;
        }

        _activation.EnqueueTick(new Tick(this));
    }

    [SuppressMessage("Design", "CA1031", Justification = "A failing tick must not end the timer.")]
    private async Task TickAsync()
    {
        try
        {
            if (!_disposed)
                await _callback(_ending.Token);
        }
        catch (OperationCanceledException) when (_disposed)
        {
            // The callback heeded the token of a timer that was disposed.
        }
        catch (Exception exception)
        {
            _activation.ReportTimerFault(exception);
        }

        if (_keepAlive)
            _activation.NoteUse();
        SetClockAgain();
    }

    private void SetClockAgain()
    {
        lock (_gate)
        {
            _ticking = false;
            if (!_disposed)
                _clock!.Change(_changed ? _dueTime : _period, Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class Tick(GrainTimer timer) : VoidRequest
    {
        protected internal override GrainMethod Method => timer._interleave ? InterleavingTick : QueuedTick;

        protected internal override Task Invoke(object grain) => timer.TickAsync();
    }
}
