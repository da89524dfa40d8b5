using Microsoft.Extensions.Logging;
using Orleans.CodeGeneration;
using Orleans.Hosting;
using Orleans.Timers;

namespace Orleans.Runtime;

/// <summary>
/// The engine of one process: makes references, finds or creates activations and brings requests to them. The protocol of turns is told in Activation.cs.
/// </summary>
internal sealed partial class EmbeddedGrainEngine : IClusterClient, IGrainReferenceRuntime, ITimerRegistry, IDisposable
{
    // A busy grain gives its thread up after as many steps.
    private const int MaxStepsPerRun = 64;

    private readonly GrainClassMap _classes;
    private readonly bool _inlineCalls;
    private readonly ITimer _sweep;
    private readonly ITimer _collection;
    private volatile Phase _phase = Phase.NotStarted;

    public EmbeddedGrainEngine(
        IServiceProvider services,
        GrainEngineOptions options,
        GrainClassMap classes,
        ITurnScheduler scheduler,
        TimeProvider time,
        ILogger<EmbeddedGrainEngine> logger)
    {
        ServiceProvider = services;
        Options = options;
        Scheduler = scheduler;
        Time = time;
        Logger = logger;
        _classes = classes;
        _inlineCalls = options.InlineCalls && !scheduler.IsDeterministic;
        StepsPerRun = scheduler.IsDeterministic ? 1 : MaxStepsPerRun;
        AnswerOptions = scheduler.IsDeterministic ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously;
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            _sweep = time.CreateTimer(static state => ((EmbeddedGrainEngine)state!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _collection = time.CreateTimer(static state => ((EmbeddedGrainEngine)state!).Collect(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        Timeouts = new CallTimeouts(time, options.CallTimeout, SweepAtLeastFor);
        Catalog = new ActivationCatalog(this);
        Metrics = new GrainEngineMetrics(this);
    }

    private enum Phase
    {
        NotStarted,

        /// <summary>Takes every call.</summary>
        Running,

        /// <summary>Takes calls that grains make, and no others.</summary>
        Draining,

        /// <summary>Takes no call.</summary>
        Stopped,
    }

    public IServiceProvider ServiceProvider { get; }

    public GrainEngineOptions Options { get; }

    public ITurnScheduler Scheduler { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    public CallTimeouts Timeouts { get; }

    public ActivationCatalog Catalog { get; }

    public GrainEngineMetrics Metrics { get; }

    /// <summary>In the order in which they see a call. Complete from the start of the engine on.</summary>
    public IIncomingGrainCallFilter[] IncomingFilters { get; private set; } = [];

    /// <summary>As <see cref="IncomingFilters"/>; null when there are none, so that a call without filters asks one thing only.</summary>
    public IOutgoingGrainCallFilter[]? OutgoingFilters { get; private set; }

    /// <summary>How far the coarse clock may lag behind the provider's.</summary>
    public TimeSpan SweepInterval { get; private set; } = TimeSpan.MaxValue;

    /// <summary>The context without any flowing values, in which every turn begins.</summary>
    public ExecutionContext DefaultExecutionContext { get; } = EmptyExecutionContext;

    /// <summary>How many steps an activation runs before it gives its thread up.</summary>
    public int StepsPerRun { get; }

    /// <summary>
    /// How an answer's task continues: through the pool, so that a caller without a context does not go on inside the grain's turn. In a simulation every caller has a
    /// context, and nothing may pass through the pool.
    /// </summary>
    public TaskCreationOptions AnswerOptions { get; }

    private static ExecutionContext EmptyExecutionContext { get; } = CaptureDefaultExecutionContext();

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(primaryKey);
        return (TGrainInterface)Refer(typeof(TGrainInterface), IdSpan.Create(primaryKey), grainClassNamePrefix);
    }

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey =>
        (TGrainInterface)Refer(typeof(TGrainInterface), GrainIdKeyExtensions.CreateGuidKey(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey =>
        (TGrainInterface)Refer(typeof(TGrainInterface), GrainIdKeyExtensions.CreateIntegerKey(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidCompoundKey =>
        (TGrainInterface)Refer(typeof(TGrainInterface), GrainIdKeyExtensions.CreateGuidKey(primaryKey, keyExtension), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerCompoundKey =>
        (TGrainInterface)Refer(typeof(TGrainInterface), GrainIdKeyExtensions.CreateIntegerKey(primaryKey, keyExtension), grainClassNamePrefix);

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) =>
        (IGrain)Refer(grainInterfaceType, GrainIdKeyExtensions.CreateGuidKey(grainPrimaryKey), prefix: null);

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) =>
        (IGrain)Refer(grainInterfaceType, GrainIdKeyExtensions.CreateIntegerKey(grainPrimaryKey), prefix: null);

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(grainPrimaryKey);
        return (IGrain)Refer(grainInterfaceType, IdSpan.Create(grainPrimaryKey), prefix: null);
    }

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey, string keyExtension) =>
        (IGrain)Refer(grainInterfaceType, GrainIdKeyExtensions.CreateGuidKey(grainPrimaryKey, keyExtension), prefix: null);

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey, string keyExtension) =>
        (IGrain)Refer(grainInterfaceType, GrainIdKeyExtensions.CreateIntegerKey(grainPrimaryKey, keyExtension), prefix: null);

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable => (TGrainInterface)CreateReference(typeof(TGrainInterface), grainId);

    public object CreateReference(Type interfaceType, GrainId grainId)
    {
        ArgumentNullException.ThrowIfNull(interfaceType);
        return GrainInterfaceRegistry.ProxyOf(interfaceType)(this, grainId);
    }

    public IGrainTimer RegisterGrainTimer<TState>(
        IGrainContext grainContext, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var activation = (Activation)grainContext;
        if (!ReferenceEquals(SynchronizationContext.Current, activation))
            throw new InvalidOperationException($"A timer of {activation.GrainId} was registered outside its turns.");
        return activation.AddTimer(token => callback(state, token), options);
    }

    /// <summary>A moment of the coarse clock, the given time from now; negative is in the past.</summary>
    public long CoarseTimeAfter(TimeSpan span) => Timeouts.CoarseNow + (long)(span.TotalSeconds * Time.TimestampFrequency);

    /// <summary>
    /// Brings a request to its grain. True when it ran inline and has ended, so that the caller takes the grain's own task; otherwise the request's answer is
    /// open, or nobody waits for it.
    /// </summary>
    /// <remarks>A one-way request that is refused throws; one with a caller carries its refusal in its answer.</remarks>
    public bool Dispatch(GrainReference callee, GrainRequest request)
    {
        request.Callee = callee;
        request.Context = RequestContext.Current;
        if (_phase != Phase.Running && Refusal() is { } refusal)
        {
            Refuse(request, refusal);
            return false;
        }

        if (request.Cancellation is { CallerToken.IsCancellationRequested: true } cancelled && request.HasCaller)
        {
            request.Open();
            request.TryCancel(cancelled.CallerToken);
            return false;
        }

        if (_inlineCalls && request.HasCaller)
        {
            if (FindTarget(callee, request) is not { } target)
                return false;
            if (target.TryEnterInline(request))
                return target.RunInline(request);
        }

        request.Sender = SynchronizationContext.Current as Activation;
        if (request.HasCaller)
        {
            request.Open();
            Timeouts.Track(request);
        }

        if (!Scheduler.IsDeterministic || !TryDeliverLater(callee, request))
            Enqueue(callee, request);
        if (request.HasCaller)
            request.Cancellation?.Attach();
        return false;
    }

    // A cluster brings calls to a grain that is not active yet in any order, so a simulation must as well, or somebody would come to rely on their order.
    private bool TryDeliverLater(GrainReference callee, GrainRequest request)
    {
        if (callee.Target is { IsActive: true } || Catalog.IsActive(callee.GrainId))
            return false;
        Scheduler.Schedule(new Delivery(this, callee, request), yielded: false);
        return true;
    }

    /// <summary>Ends a request that will not run.</summary>
    public void Fail(GrainRequest request, Exception exception)
    {
        request.Close();
        if (request.HasCaller)
            request.TryFail(exception);
        else
            LogOneWayLost(Logger, request.Method, request.Callee!.GrainId, exception);
    }

    /// <summary>
    /// The calls that cannot start because they are part of a cycle of calls, in a stable order. Exact while nothing runs, as in a simulation; a hint otherwise.
    /// </summary>
    public IReadOnlyList<CallInCycle> FindCallsInCycles()
    {
        var pending = Timeouts.Pending(WaitGraph.MaxCalls);
        var waits = new WaitGraph(pending);
        return
        [
            .. pending.Where(WaitGraph.CannotStart)
                .Select(request => (request.Method, Cycle: waits.CycleOf(request)))
                .Where(found => found.Cycle is not null)
                .Select(found => new CallInCycle(found.Method, found.Cycle!))
                .OrderBy(call => call.ToString(), StringComparer.Ordinal),
        ];
    }

    private void Enqueue(GrainReference callee, GrainRequest request)
    {
        var spin = new SpinWait();
        while (true)
        {
            if (FindTarget(callee, request) is not { } target)
                return;
            switch (target.TryEnqueue(request))
            {
                case EnqueueResult.Queued:
                    return;
                case EnqueueResult.Full:
                    Metrics.MailboxRefused();
                    Refuse(request, new LimitExceededException(
                        $"The mailbox of grain {callee.GrainId} is full: {Options.MaxMailboxLength} calls wait. {request.Method} was not called."));
                    return;
                case EnqueueResult.Sealed:
                    // The one who sealed it is about to remove or replace the catalog's entry.
                    callee.Forget(target);
                    spin.SpinOnce(sleep1Threshold: -1);
                    break;
            }
        }
    }

    /// <summary>The activation to send to, made if there is none; null when that was refused, and the request with it.</summary>
    private Activation? FindTarget(GrainReference callee, GrainRequest request)
    {
        try
        {
            return callee.Target ?? Resolve(callee);
        }
        catch (Exception exception) when (exception is OrleansException or ArgumentException)
        {
            Refuse(request, exception);
            return null;
        }
    }

    private Activation Resolve(GrainReference callee)
    {
        var grainClass = _classes[callee.GrainId.Type];
        var activation = Catalog.GetOrCreate(callee.GrainId, grainClass);
        // Every call to a stateless worker chooses anew.
        if (!grainClass.IsStatelessWorker)
            callee.Remember(activation);
        return activation;
    }

    private static void Refuse(GrainRequest request, Exception exception)
    {
        CallTimeouts.Untrack(request);
        if (!request.HasCaller)
            throw exception;
        request.TryFail(exception);
    }

    private object Refer(Type interfaceType, IdSpan key, string? prefix)
    {
        ArgumentNullException.ThrowIfNull(interfaceType);
        return CreateReference(interfaceType, new GrainId(_classes.Implementing(interfaceType, prefix).GrainType, key));
    }

    private void Sweep()
    {
        try
        {
            Metrics.TimedOut(Timeouts.Sweep());
        }
        catch (Exception exception)
        {
            // Callers wait on this timer, so it must go on whatever happens.
            LogBackgroundFault(Logger, "sweep of timeouts", exception);
        }
    }

    private void Collect()
    {
        try
        {
            Catalog.CollectIdle();
        }
        catch (Exception exception)
        {
            LogBackgroundFault(Logger, "collection of idle grains", exception);
        }
    }

    private void SweepAtLeastFor(TimeSpan timeout)
    {
        var interval = CallTimeouts.SweepInterval(timeout);
        if (interval >= SweepInterval)
            return;
        SweepInterval = interval;
        _sweep.Change(interval, interval);
    }

    private sealed class Delivery(EmbeddedGrainEngine engine, GrainReference callee, GrainRequest request) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            try
            {
                engine.Enqueue(callee, request);
            }
            catch (OrleansException exception) when (!request.HasCaller)
            {
                LogOneWayLost(engine.Logger, request.Method, callee.GrainId, exception);
            }
        }

        public override string ToString() => $"delivery of {request.Method} to {callee.GrainId}";
    }

    // A thread that was started without a context has the default one.
    private static ExecutionContext CaptureDefaultExecutionContext()
    {
        ExecutionContext? captured = null;
        var thread = new Thread(() => captured = ExecutionContext.Capture());
        thread.UnsafeStart();
        thread.Join();
        return captured!;
    }
}
