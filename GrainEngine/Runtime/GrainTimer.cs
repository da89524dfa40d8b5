using Orleans.CodeGeneration;

namespace Orleans.Runtime;

/// <summary>
/// A timer of one activation. The clock only puts a tick into the mailbox; the tick runs as a turn, and when it has ended the clock is set for the next one. So
/// at most one tick exists per timer, and a slow grain makes its timers late instead of piling ticks up.
/// </summary>
internal sealed class GrainTimer : IGrainTimer
{
    private static readonly GrainMethod QueuedTick = new(
        typeof(IGrainTimerInvoker), nameof(IGrainTimerInvoker.InvokeCallbackAsync), GrainCallOptions.OneWay, timeout: null);

    private static readonly GrainMethod InterleavingTick = new(
        typeof(IGrainTimerInvoker), nameof(IGrainTimerInvoker.InvokeCallbackAsync), GrainCallOptions.OneWay | GrainCallOptions.AlwaysInterleave, timeout: null);

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

    private Task TickAsync() => _disposed ? Task.CompletedTask : _callback(_ending.Token);

    /// <summary>The tick has ended, through the filters if there are any. A failing tick does not end the timer.</summary>
    private void OnTickEnded(Task work)
    {
        Exception? failure = work.IsCanceled ? new TaskCanceledException(work) : work.Exception?.InnerException;
        // A callback may heed the token of a timer that was disposed.
        if (failure is not null && !(_disposed && failure is OperationCanceledException))
            _activation.ReportTimerFault(failure);
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

    private sealed class Tick : VoidRequest, IGrainTimerInvoker
    {
        private readonly GrainTimer _timer;

        public Tick(GrainTimer timer)
        {
            _timer = timer;
            Sender = timer._activation;
        }

        protected internal override GrainMethod Method => _timer._interleave ? InterleavingTick : QueuedTick;

        internal override object InvocationTarget => this;

        protected internal override Task Invoke(object grain) => _timer.TickAsync();

        Task IGrainTimerInvoker.InvokeCallbackAsync() => _timer.TickAsync();

        private protected override void OnUnawaitedEnd(Activation activation, Task work) => _timer.OnTickEnded(work);
    }
}
