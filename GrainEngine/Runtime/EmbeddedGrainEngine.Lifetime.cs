using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.CodeGeneration;

namespace Orleans.Runtime;

// Start, drain, stop.
internal sealed partial class EmbeddedGrainEngine
{
    private static readonly TimeSpan DrainPoll = TimeSpan.FromMilliseconds(10);

    public void Start()
    {
        // Not when the engine is built: a filter may itself need the engine, to call grains.
        IncomingFilters = [.. ServiceProvider.GetServices<IIncomingGrainCallFilter>()];
        if (ServiceProvider.GetServices<IOutgoingGrainCallFilter>().ToArray() is { Length: > 0 } outgoing)
            OutgoingFilters = outgoing;
        _collection.Change(Options.CollectionScanInterval, Options.CollectionScanInterval);
        _phase = Phase.Running;
    }

    /// <summary>
    /// 1. Refuses calls from outside grains. 2. Lets the calls in flight end, for half of the drain timeout at most. 3. Deactivates every grain whose calls
    /// have ended. 4. Refuses every call. Steps 2 and 3 end early when the token is cancelled; what still waits in the end gets <see cref="SiloUnavailableException"/>.
    /// </summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        if (_phase == Phase.Stopped)
            return;
        _phase = Phase.Draining;
        var started = Time.GetTimestamp();
        bool InTime() => !cancellationToken.IsCancellationRequested && Time.GetElapsedTime(started) < Options.DrainTimeout;

        // Half of the time at most, so that a call that never ends cannot keep the other grains from their OnDeactivateAsync.
        while (Timeouts.PendingCount > 0 && InTime() && Time.GetElapsedTime(started) < Options.DrainTimeout / 2)
            await Time.DelayQuietly(DrainPoll, cancellationToken);

        while (Catalog.Count > 0 && InTime())
        {
            foreach (var activation in Catalog.Activations)
                activation.DeactivateWhenEmpty(new(DeactivationReasonCode.ShuttingDown, "The process is stopping."));
            await Time.DelayQuietly(DrainPoll, cancellationToken);
        }

        _phase = Phase.Stopped;
        if (Catalog.Count > 0)
            LogDrainIncomplete(Logger, Catalog.Count, Timeouts.PendingCount);
        Timeouts.FailAll(static () => new SiloUnavailableException("The grain engine has stopped before the call ended."));
        _collection.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _sweep.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _phase = Phase.Stopped;
        _sweep.Dispose();
        _collection.Dispose();
        Metrics.Dispose();
    }

    /// <summary>Why a call is not taken now; null when it is.</summary>
    private SiloUnavailableException? Refusal() => _phase switch
    {
        Phase.Running => null,
        Phase.NotStarted => new SiloUnavailableException("The grain engine has not started yet."),
        Phase.Draining when RuntimeContext.Current is Activation => null,
        Phase.Draining => new SiloUnavailableException("The grain engine is stopping and takes no new calls."),
        _ => new SiloUnavailableException("The grain engine has stopped."),
    };

    [LoggerMessage(20, LogLevel.Warning, "The drain deadline passed with {Activations} activations left and {Calls} calls unanswered.")]
    private static partial void LogDrainIncomplete(ILogger logger, int activations, int calls);

    [LoggerMessage(21, LogLevel.Critical, "The engine's {Work} failed; it is tried again.")]
    private static partial void LogBackgroundFault(ILogger logger, string work, Exception exception);

    [LoggerMessage(22, LogLevel.Warning, "The one-way call of {Method} on grain {GrainId} was lost.")]
    private static partial void LogOneWayLost(ILogger logger, GrainMethod method, GrainId grainId, Exception exception);
}
