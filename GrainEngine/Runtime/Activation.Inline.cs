using Orleans.CodeGeneration;

namespace Orleans.Runtime;

// Calls that run on the caller's own thread; the essay in Activation.cs says why that is the same as queueing them.
internal sealed partial class Activation
{
    // Deep enough for a chain of grains that call each other, shallow enough for any stack.
    private const int MaxInlineDepth = 8;

    [ThreadStatic]
    private static int _inlineDepth;

    /// <summary>Takes the turn for a call on the caller's own thread, if nothing is in its way.</summary>
    public bool TryEnterInline(GrainRequest request)
    {
        if (_stage != Stage.Active || _inlineDepth >= MaxInlineDepth || ExecutionContext.IsFlowSuppressed())
            return false;
        if (Volatile.Read(ref _turn) != 0 || Interlocked.CompareExchange(ref _turn, 1, 0) != 0)
            return false;
        if (_stage == Stage.Active && _deactivation is null && _blocked.First is null && !_turns.HasAny && !_requests.HasAny && CanStart(request))
            return true;
        LeaveTurn();
        return false;
    }

    /// <summary>Runs a call on the caller's thread after <see cref="TryEnterInline"/>; true when it has ended.</summary>
    public bool RunInline(GrainRequest request)
    {
        var outer = Current;
        request.Sender = outer as Activation;
        var outerContext = ExecutionContext.Capture()!;
        SetSynchronizationContext(this);
        ExecutionContext.Restore(_engine.DefaultExecutionContext);
        _inlineDepth++;
        try
        {
            return Start(request);
        }
        finally
        {
            _inlineDepth--;
            SetSynchronizationContext(outer);
            ExecutionContext.Restore(outerContext);
            LeaveTurn();
        }
    }

    /// <summary>Gives up a turn that was taken inline, or hands it to the scheduler when there is more to do.</summary>
    private void LeaveTurn()
    {
        if (HasWork())
        {
            _engine.Scheduler.Schedule(this, yielded: false);
            return;
        }

        Interlocked.Exchange(ref _turn, 0);
        if (HasIncoming)
            Wake();
    }

    private bool HasWork() =>
        _turns.HasAny
        || (Admits && _requests.HasAny)
        || (_blocked.First is { } oldest && CanStart(oldest))
        || (_stage == Stage.Active && _deactivation is not null)
        || (_stage == Stage.Draining && _inFlight == 0);
}
