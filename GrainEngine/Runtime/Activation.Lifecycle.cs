using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Orleans.CodeGeneration;

namespace Orleans.Runtime;

// From the first turn to the last: building, activating, deactivating and handing the queue on.
internal sealed partial class Activation
{
    private AsyncServiceScope? _scope;
    private GrainReference? _reference;
    private PendingDeactivation? _deactivation;
    private TaskCompletionSource? _deactivated;
    private GrainTimer? _timers;
    private long _keepUntil = long.MinValue;
    private long _lastUsed;

    public GrainReference GrainReference =>
        _reference ??= (GrainReference)_engine.CreateReference(Class.Interfaces[0], GrainId);

    public IServiceProvider ActivationServices =>
        _scope?.ServiceProvider ?? throw new InvalidOperationException($"{GrainId} is not being built yet.");

    public Task Deactivated
    {
        get
        {
            if (_deactivated is null)
                Interlocked.CompareExchange(ref _deactivated, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);
            if (IsDead)
                _deactivated.TrySetResult();
            return _deactivated.Task;
        }
    }

    /// <summary>When a call last began or ended, on the coarse clock.</summary>
    public long LastUsed
    {
        get => Volatile.Read(ref _lastUsed);
        private set => Volatile.Write(ref _lastUsed, value);
    }

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default) =>
        // During OnActivateAsync the wish waits until the calls that caused the activation are done; otherwise they would activate it again, for ever.
        InTurn(new PendingDeactivation(deactivationReason, WhenEmpty: _stage is Stage.Created or Stage.Activating));

    /// <summary>Deactivates when no call is in flight and none waits.</summary>
    public void DeactivateWhenEmpty(DeactivationReason reason) => InTurn(new PendingDeactivation(reason, WhenEmpty: true));

    /// <summary>Deactivates if it is idle and was not used after the given moment of the coarse clock.</summary>
    public void CollectIfUnusedSince(long cutoff) =>
        Post(
            static state =>
            {
                var (activation, cutoff) = ((Activation, long))state!;
                if (activation._stage == Stage.Active && activation.IsEmpty && activation.LastUsed <= cutoff)
                    activation.Wish(new(new(DeactivationReasonCode.ActivationIdle, "The activation was idle."), WhenEmpty: false));
            },
            (this, cutoff));

    /// <summary>Whether it could be collected now. A hint for the scan; <see cref="CollectIfUnusedSince"/> decides in the turn.</summary>
    public bool IsCollectible(long cutoff, long now) =>
        _stage == Stage.Active && LastUsed <= cutoff && LooksIdle && Volatile.Read(ref _keepUntil) <= now;

    public void DelayDeactivation(TimeSpan timeSpan) =>
        Volatile.Write(ref _keepUntil, timeSpan <= TimeSpan.Zero ? long.MinValue : _engine.CoarseTimeAfter(timeSpan));

    /// <summary>Takes over the requests that its predecessor left, before anybody else can see this activation.</summary>
    public void Inherit(List<GrainRequest> requests)
    {
        foreach (var request in requests)
            _blocked.Append(request);
        _waiting = requests.Count;
    }

    /// <summary>A tick of a timer that keeps the grain alive was run.</summary>
    public void NoteUse() => LastUsed = _engine.Timeouts.CoarseNow;

    public GrainTimer AddTimer(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        if (_stage > Stage.Active)
            throw new InvalidOperationException($"{GrainId} is being deactivated and takes no new timer.");
        var timer = new GrainTimer(this, _engine.Time, callback, options);
        timer.Link(ref _timers);
        timer.Begin();
        return timer;
    }

    public void RemoveTimer(GrainTimer timer) => timer.Unlink(ref _timers);

    public void EnqueueTick(GrainRequest tick) => TryEnqueue(tick);

    public void ReportTimerFault(Exception exception) => LogTimerFault(_engine.Logger, GrainId, exception);

    private bool IsEmpty => _inFlight == 0 && Volatile.Read(ref _waiting) == 0;

    private void InTurn(PendingDeactivation wish)
    {
        if (ReferenceEquals(Current, this))
        {
            Wish(wish);
            return;
        }

        Post(
            static state =>
            {
                var (activation, wish) = ((Activation, PendingDeactivation))state!;
                activation.Wish(wish);
            },
            (this, wish));
    }

    // The first wish counts, but one that can wait gives way to one that cannot: calls behind the latter run on the next activation.
    private void Wish(PendingDeactivation wish)
    {
        if (_deactivation is null || (_deactivation.WhenEmpty && !wish.WhenEmpty && _stage == Stage.Active))
            _deactivation = wish;
    }

    private bool TryBeginDraining()
    {
        if (_deactivation is not { } wish || (wish.WhenEmpty && !IsEmpty))
            return false;
        _stage = Stage.Draining;
        while (_timers is { } timer)
            timer.Dispose();
        return true;
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever fails here belongs to the callers who wait.")]
    private async Task ActivateAsync()
    {
        try
        {
            _scope = _engine.ServiceProvider.CreateAsyncScope();
            _instance = Class.Build(ActivationServices);
            using var patience = new CancellationTokenSource();
            await WithinAsync(((IGrainBase)_instance).OnActivateAsync(patience.Token), _engine.Options.ActivationTimeout, patience, "OnActivateAsync");
            LastUsed = _engine.Timeouts.CoarseNow;
            _stage = Stage.Active;
        }
        catch (Exception exception)
        {
            await FailActivationAsync(exception);
        }
    }

    private async Task FailActivationAsync(Exception exception)
    {
        LogActivationFailed(_engine.Logger, GrainId, exception);
        while (_timers is { } timer)
            timer.Dispose();
        var waiting = SealAndTake();
        _engine.Catalog.Remove(this);
        foreach (var request in waiting)
            _engine.Fail(request, exception);
        _deactivated?.TrySetResult();
        await DisposeGrainAsync();
    }

    [SuppressMessage("Design", "CA1031", Justification = "A grain that fails to say good-bye is still gone.")]
    private async Task EndAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource();
            await WithinAsync(
                ((IGrainBase)_instance!).OnDeactivateAsync(_deactivation!.Reason, patience.Token), _engine.Options.DeactivationTimeout, patience, "OnDeactivateAsync");
        }
        catch (Exception exception)
        {
            LogDeactivationFailed(_engine.Logger, GrainId, exception);
        }

        await DisposeGrainAsync();
        var waiting = SealAndTake();
        _engine.Catalog.Replace(this, waiting);
        _deactivated?.TrySetResult();
    }

    /// <summary>Ends the queue and returns what it held, oldest first. After this the activation is dead.</summary>
    private List<GrainRequest> SealAndTake()
    {
        // Stage first: a reference that still remembers this activation then looks the identity up again.
        _stage = Stage.Dead;
        _requests.Seal();
        var waiting = new List<GrainRequest>();
        while (_blocked.First is not null)
            Keep(_blocked.RemoveFirst());
        while (_requests.Pop() is GrainRequest request)
            Keep(request);
        return waiting;

        // The ticks of this activation's timers and the calls that nobody waits for any more end with it.
        void Keep(GrainRequest request)
        {
            if (!request.IsSettled && request.Callee is not null)
                waiting.Add(request);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "The activation is gone whether or not its disposal succeeds.")]
    private async Task DisposeGrainAsync()
    {
        try
        {
            if (_instance is IAsyncDisposable asyncDisposable)
                await asyncDisposable.DisposeAsync();
            else if (_instance is IDisposable disposable)
                disposable.Dispose();
            if (_scope is { } scope)
                await scope.DisposeAsync();
        }
        catch (Exception exception)
        {
            LogDeactivationFailed(_engine.Logger, GrainId, exception);
        }
    }

    // Bounds a step of the grain's life. A step that does not heed its token is left behind.
    private async Task WithinAsync(Task step, TimeSpan limit, CancellationTokenSource patience, string what)
    {
        if (!step.IsCompleted)
        {
            try
            {
                await step.WaitAsync(limit, _engine.Time);
            }
            catch (TimeoutException) when (!step.IsCompleted)
            {
                patience.Cancel();
                throw new TimeoutException($"{what} of grain {GrainId} did not end within {limit}.");
            }
        }

        await step;
    }

    private sealed record PendingDeactivation(DeactivationReason Reason, bool WhenEmpty);
}
