using System.Diagnostics;
using Orleans.CodeGeneration;

namespace Orleans.Runtime;

// How turns work
// ==============
// An activation is one instance of a grain class with one identity. It is at once the synchronization context of the grain's code and the work item that runs
// it. Everything the grain does happens in a *turn*: a stretch of synchronous code between two awaits.
//
// Turns never overlap. `_turn` is 0 (nobody) or 1 (owned). Whoever moves it from 0 to 1 by compare-and-swap owns the activation and is the only one who may run
// its code or touch the fields below that say "in the turn". Ownership is handed on by scheduling the activation without resetting the flag, and given up by
// setting it to 0. Awaits come back through `Post`, because the activation is the current synchronization context while a turn runs; so a continuation is a
// queue entry and not a thread of its own.
//
// No wake-up is lost. A producer first pushes (a full barrier) and then reads the flag; the owner first clears the flag (a full barrier) and then reads the
// queues. In every interleaving at least one of the two sees the other: either the producer finds 0 and schedules the activation, or the owner finds the entry
// and takes the flag back. Two may see it; the compare-and-swap lets one win. What is not queued but could make a request runnable (an ended call, an ended
// activation, a wish to deactivate) changes only in the turn, so its owner sees it in the next step.
//
// Continuations come before requests: a call that was begun is finished before another is begun, so the work in flight, and with it the number of
// continuations, is bounded by what was admitted. After `EmbeddedGrainEngine.StepsPerRun` steps the owner yields the thread and stays owner, so a busy grain cannot keep others
// from a processor.
//
// A request is admitted when nothing is in flight that would keep it out (`CanStart`). One that may not start yet moves to `_blocked`, where it keeps its place;
// only interleaving requests overtake it.
//
// The end. `Deactivate` stops admission (stage Draining); when nothing is in flight, OnDeactivateAsync runs (Ending); then the request queue is *sealed*, what it
// held goes in order to a new activation, and the catalog's entry is replaced by it. A producer that meets the seal looks the identity up again, so every request
// is either in the handed-over list or pushed to the successor, and calls of one caller keep their order. Continuations are never refused: work that the
// grain left behind still runs in the turns of the old activation, and alone.
//
// Inline calls. A caller may take the flag itself and run the request on its own thread when nothing is queued and nothing is in flight: the same ownership, so
// the same guarantees, without the two hops. The grain sees its own context and the default execution context, and the caller gets both of its own back.
//
// Filters. A request's task is that of its incoming filters when there are any, and the method is the last of them: so they run in turns, count as the call in
// flight while they wait, and are bound by its timeout. Outgoing filters run where the caller runs, before there is anything to admit, and each send is a copy
// of the request that they hold. Without filters a call asks one field at each end and does nothing else for them.
//
// Cycles. Nothing here keeps grains from waiting for each other in a circle. Timeouts end such calls, and WaitGraph.cs then names the circle.
internal sealed partial class Activation : SynchronizationContext, IThreadPoolWorkItem, IGrainContext, IDelayableGrainContext, ICallChainReentrantGrainContext
{
    private readonly EmbeddedGrainEngine _engine;

    private int _turn;
    private WorkQueue _turns;
    private WorkQueue _requests;

    // Requests pushed and not yet started or given back: written by producers, and by the owner of the turn.
    private int _waiting;

    // In the turn only, except where it says that others read.
    private volatile Stage _stage = Stage.Created;
    private int _inFlight;
    private object? _instance;

    public Activation(EmbeddedGrainEngine engine, GrainClass grainClass, ActivationKey key)
    {
        _engine = engine;
        Class = grainClass;
        Key = key;
        IsFiltered = grainClass.IsCallFilter || engine.IncomingFilters.Length > 0;
        LastUsed = engine.Timeouts.CoarseNow;
    }

    private enum Stage : byte
    {
        /// <summary>No turn has run yet.</summary>
        Created,

        /// <summary>The instance is being built or OnActivateAsync runs.</summary>
        Activating,

        /// <summary>Takes requests.</summary>
        Active,

        /// <summary>Admits no request any more and waits for those in flight.</summary>
        Draining,

        /// <summary>OnDeactivateAsync runs.</summary>
        Ending,

        /// <summary>The queue is sealed; only left-over continuations run.</summary>
        Dead,
    }

    public ActivationKey Key { get; }

    public GrainClass Class { get; }

    public GrainId GrainId => Key.GrainId;

    public EmbeddedGrainEngine Engine => _engine;

    /// <summary>Whether call filters see what this activation receives.</summary>
    public bool IsFiltered { get; }

    /// <summary>The grain. Valid in the turn from stage Active on.</summary>
    public object Instance => _instance!;

    public object? GrainInstance => _instance;

    public bool IsDead => _stage == Stage.Dead;

    public bool IsActive => _stage == Stage.Active;

    /// <summary>Whether it waits for work. A hint: it may change at once.</summary>
    public bool LooksIdle => Volatile.Read(ref _turn) == 0 && Volatile.Read(ref _inFlight) == 0 && Volatile.Read(ref _waiting) == 0;

    /// <summary>Requests that were begun and have not ended. A hint.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Requests that wait. A hint.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    // Stages in which arriving requests are looked at; in the others they wait in the queue.
    private bool Admits => _stage is Stage.Active or Stage.Draining;

    /// <summary>Adds a request to the mailbox.</summary>
    public EnqueueResult TryEnqueue(GrainRequest request)
    {
        // Counted before the push and checked after the count, so that racing callers cannot pass the bound together.
        if (Interlocked.Increment(ref _waiting) > _engine.Options.MaxMailboxLength && request.Callee is not null)
        {
            Interlocked.Decrement(ref _waiting);
            return EnqueueResult.Full;
        }

        if (!_requests.TryPush(request))
        {
            Interlocked.Decrement(ref _waiting);
            return EnqueueResult.Sealed;
        }

        Wake();
        return EnqueueResult.Queued;
    }

    /// <summary>Queues a continuation of this grain's code.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        _turns.TryPush(TurnNode.Rent(d, state));
        Wake();
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (!ReferenceEquals(Current, this))
            throw new NotSupportedException("A grain's turn cannot be entered synchronously from outside.");
        d(state);
    }

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Makes sure that somebody looks at the queues. Called after a push.</summary>
    public void Wake()
    {
        if (Volatile.Read(ref _turn) == 0 && Interlocked.CompareExchange(ref _turn, 1, 0) == 0)
            _engine.Scheduler.Schedule(this, yielded: false);
    }

    /// <summary>Runs turns. Called by the scheduler for the one who owns the flag.</summary>
    public void Execute()
    {
        var outer = Current;
        SetSynchronizationContext(this);
        try
        {
            for (var steps = 0; steps < _engine.StepsPerRun; steps++)
            {
                if (TryStep())
                    continue;
                Interlocked.Exchange(ref _turn, 0);
                if (!HasIncoming || Interlocked.CompareExchange(ref _turn, 1, 0) != 0)
                    return;
            }

            _engine.Scheduler.Schedule(this, yielded: true);
        }
        catch (Exception exception)
        {
            // A fault of the engine itself, while it owns the turn. What was queued must still run, so the turn is handed on and not lost.
            LogEngineFault(_engine.Logger, GrainId, exception);
            _engine.Scheduler.Schedule(this, yielded: true);
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    /// <summary>Called in the turn when a request's task did not end at once.</summary>
    public void WentPending(GrainRequest request)
    {
        if (!request.HasCaller || request.IsOpen)
            return;
        request.Open();
        _engine.Timeouts.Track(request);
        request.Cancellation?.Attach();
    }

    /// <summary>Called in the turn when a request's task has ended.</summary>
    public void Finish(GrainRequest request)
    {
        _inFlight--;
        Unblock(request);
        LastUsed = request.Method.OneWay && request.Callee is null ? LastUsed : _engine.Timeouts.CoarseNow;
    }

    /// <summary>Logs the failure of a call whose caller no longer waits, or never did.</summary>
    public void ReportUnawaited(GrainRequest request, Task work)
    {
        if (work.Exception is { } exception)
            LogUnawaitedFailure(_engine.Logger, request.Method, GrainId, exception.InnerException ?? exception);
    }

    // Whether something arrived that the present stage looks at. The owner asks after it gave the flag up, so this reads only what producers write.
    private bool HasIncoming => _turns.HasIncoming || (Admits && _requests.HasIncoming);

    /// <summary>Does one thing; false when there is nothing to do now.</summary>
    private bool TryStep()
    {
        if (_turns.Pop() is TurnNode turn)
        {
            RunContinuation(turn);
            return true;
        }

        switch (_stage)
        {
            case Stage.Created:
                _stage = Stage.Activating;
                Guard(ActivateAsync());
                return true;
            case Stage.Active:
                if (TryBeginDraining())
                    return true;
                return NextRequest() is { } request && StartQueued(request);
            case Stage.Draining:
                if (_inFlight == 0)
                {
                    _stage = Stage.Ending;
                    Guard(EndAsync());
                    return true;
                }

                return NextReentrantRequest() is { } reentrant && StartQueued(reentrant);
            case Stage.Activating or Stage.Ending or Stage.Dead:
                return false;
            default:
                throw new UnreachableException($"Stage {_stage}");
        }
    }

    private void RunContinuation(TurnNode turn)
    {
        try
        {
            turn.RunAndReturn();
        }
        catch (Exception exception)
        {
            // From an async void method or a callback that was posted by hand: there is no caller to tell.
            LogContinuationFault(_engine.Logger, GrainId, exception);
        }

        RestoreContexts();
    }

    private bool StartQueued(GrainRequest request)
    {
        Interlocked.Decrement(ref _waiting);
        // Its caller was cancelled or gave up while it waited, so it never runs.
        if (!request.IsSettled)
            Start(request);
        return true;
    }

    /// <summary>Begins a request; true when it has ended.</summary>
    private bool Start(GrainRequest request)
    {
        Volatile.Write(ref request.Target, this);
        if (request.Cancellation is { } cancellation)
        {
            // Against the caller who cancels at this moment: see CallCancellation.
            Interlocked.MemoryBarrier();
            if (request.IsSettled)
                cancellation.Cancel();
        }

        _inFlight++;
        Block(request);
        if (request.Context is not null)
            RequestContext.Current = request.Context;
        var ended = request.Run(this);
        if (ended)
            Finish(request);
        RestoreContexts();
        return ended;
    }

    // Code that ran in the turn may have left its own contexts on the thread; the next turn must not see them.
    private void RestoreContexts()
    {
        ExecutionContext.Restore(_engine.DefaultExecutionContext);
        if (!ReferenceEquals(Current, this))
            SetSynchronizationContext(this);
    }

    // These methods handle their own exceptions; one that escapes is a fault of the engine and must be seen.
    private void Guard(Task lifecycle)
    {
        if (lifecycle.IsCompletedSuccessfully)
            return;
        lifecycle.ContinueWith(
            static (task, state) => LogEngineFault(((Activation)state!)._engine.Logger, ((Activation)state).GrainId, task.Exception!),
            this,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }
}
