using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors.Health;
using OrleansPayments.Grains.Shared.Journal;

namespace OrleansPayments.Grains.Connectors;

/// <summary>The last changes of one connector's circuit. Of its entity only the end is ever read, so it may grow for as long as the connector lives.</summary>
[GrainType("circuit_log")]
internal sealed partial class CircuitLogGrain(IJournal journal, TimeProvider time, ILogger<CircuitLogGrain> logger)
    : JournaledGrain<CircuitLogState, CircuitLogEvent>(journal, ConnectorJson.Default.CircuitLogEventArray), ICircuitLogGrain
{
    private readonly CircuitDebounce _debounce = new();
    private TimeSpan _spacing;
    private IGrainTimer? _timer;

    protected override string EntityId => $"connector/{this.GetPrimaryKeyString()}/circuit";

    // One event is one entry.
    protected override int? MostEntries => ICircuitLogGrain.MaxEvents;

    private ConnectorName Name => ConnectorName.Parse(this.GetPrimaryKeyString());

    public Task Note(CircuitNote note)
    {
        _spacing = note.Spacing;
        return Keep(_debounce.Take(note, State?.Last?.Kind, State?.LastOpening));
    }

    public Task<CircuitEventList> List() => Task.FromResult(new CircuitEventList([.. (State ?? CircuitLogState.Empty).Events.Reverse()]));

    protected override CircuitLogState Apply(CircuitLogState? state, CircuitLogEvent happened, int version, DateTimeOffset at) => (state ?? CircuitLogState.Empty).With(happened switch
    {
        CircuitOpened e => new CircuitEvent(CircuitEventKind.Opened, e.At, e.Calls, e.SuccessRate, e.Failures, e.Flaps),
        CircuitClosed e => new CircuitEvent(CircuitEventKind.Closed, e.At, e.Calls, e.SuccessRate, e.Failures, 0),
        _ => throw new InvalidDataException($"A circuit does not know {happened.GetType().Name}."),
    });

    private async Task Keep(CircuitEvent? happened)
    {
        if (happened is not null)
        {
            try
            {
                await Record(StoredFormOf(happened));
                _debounce.Recorded(happened);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                LogNotRecorded(e, Name, happened.Kind, happened.At, happened.Calls, happened.SuccessRate, happened.Flaps);
                _debounce.Failed(happened, _spacing, time.GetUtcNow());
            }
        }

        Wait();
    }

    private void Wait()
    {
        if (_debounce.DueAt is not { } dueAt) return;
        var left = dueAt - time.GetUtcNow();
        if (left < TimeSpan.Zero) left = TimeSpan.Zero;
        try
        {
            if (_timer is null) _timer = this.RegisterGrainTimer(Tick, new GrainTimerCreationOptions(left, Timeout.InfiniteTimeSpan));
            else _timer.Change(left, Timeout.InfiniteTimeSpan);
            DelayDeactivation(2 * left);
        }
        catch (Exception e) when (e is InvalidOperationException or ObjectDisposedException)
        {
            // The activation is ending, and what waits with it.
            LogPendingLost(Name);
        }
    }

    private Task Tick(CancellationToken cancellationToken) => Keep(_debounce.Due(time.GetUtcNow()));

    private static CircuitLogEvent StoredFormOf(CircuitEvent happened) => happened.Kind == CircuitEventKind.Opened
        ? new CircuitOpened(happened.At, happened.Calls, happened.SuccessRate, happened.Failures, happened.Flaps)
        : new CircuitClosed(happened.At, happened.Calls, happened.SuccessRate, happened.Failures);

    [LoggerMessage(1, LogLevel.Error, "That the circuit of connector {Connector} {Change} at {At} (of {Calls} calls the part {SuccessRate} succeeded, {Flaps} openings before it were left out) could not be recorded")]
    private partial void LogNotRecorded(Exception exception, ConnectorName connector, CircuitEventKind change, DateTimeOffset at, int calls, double? successRate, int flaps);

    [LoggerMessage(2, LogLevel.Warning, "The circuit of connector {Connector} changed in quick succession, and the last change is not recorded because its grain is ending")]
    private partial void LogPendingLost(ConnectorName connector);
}

/// <summary>A circuit's last changes as the fold of its last events.</summary>
/// <param name="Events">Oldest first, <see cref="ICircuitLogGrain.MaxEvents"/> at most.</param>
internal sealed record CircuitLogState(ImmutableArray<CircuitEvent> Events)
{
    public static CircuitLogState Empty { get; } = new(ImmutableArray<CircuitEvent>.Empty);

    public CircuitEvent? Last => Events.Length > 0 ? Events[^1] : null;

    public DateTimeOffset? LastOpening => Events.LastOrDefault(happened => happened.Kind == CircuitEventKind.Opened)?.At;

    public CircuitLogState With(CircuitEvent happened)
    {
        var kept = Events.Length < ICircuitLogGrain.MaxEvents ? Events : Events.RemoveAt(0);
        return new CircuitLogState(kept.Add(happened));
    }
}
