using Microsoft.Extensions.Logging;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors.Health;

namespace OrleansPayments.Grains.Connectors;

// Leave to charge, and what became of it. Inquiries, captures, cancellations and refunds need none of this: they end what a charge began.
internal sealed partial class ConnectorGrain
{
    private ConnectorHealth? _health;
    private HealthFeed? _feed;

    public async Task<PermitAnswer> RequestChargePermit()
    {
        if (State is not { } state) return new PermitAnswer(null, PermitRefusal.NotFound);
        if (!state.Settings.Enabled) return new PermitAnswer(null, state.Settings.Draining ? PermitRefusal.Draining : PermitRefusal.Disabled);

        var refusal = HealthOf(state).Grant(out var number);
        // Routing may not know of a circuit that is open: it began anew, or the word was lost.
        await Feed.Soon();
        return refusal is null ? new PermitAnswer(PermitOf(state, number), null) : new PermitAnswer(null, refusal);
    }

    public async Task Report(ChargeReport report)
    {
        if (State is not { } state) return;
        var change = HealthOf(state).Report(report);
        if (change == CircuitChange.None)
        {
            await Feed.Soon();
            return;
        }

        Tell(state, change);
        await Feed.Now();
    }

    public Task<ConnectorHealthView?> GetHealth() => Task.FromResult(State is { } state ? HealthOf(state).ToView(Name) : null);

    private HealthFeed Feed => _feed ??= new HealthFeed(this, time, () => GrainFactory.Routing().ReportHealth(HealthOf(State!).ToView(Name)));

    private ConnectorHealth HealthOf(ConnectorState state)
    {
        _health ??= new ConnectorHealth(state.Settings, time);
        _health.Adopt(state.Settings);
        return _health;
    }

    // An opening is told once, however often it is tried in vain before it closes.
    private void Tell(ConnectorState state, CircuitChange change)
    {
        var evidence = HealthOf(state).Evidence;
        metrics.CircuitChanged(Name, change, evidence);
        if (change == CircuitChange.Closed)
        {
            LogCircuitClosed(Name);
            Note(state, CircuitEventKind.Closed, evidence);
            return;
        }

        // So that it is not forgotten before it was tried again.
        DelayDeactivation(2 * TimeSpan.FromSeconds(state.Settings.Health.OpenSeconds));
        if (change != CircuitChange.Opened) return;
        LogCircuitOpened(Name, evidence.Calls, evidence.Failures.Refused, evidence.Failures.Unknown, evidence.Failures.NotSent, state.Settings.Health.OpenSeconds);
        Note(state, CircuitEventKind.Opened, evidence);
    }

    // One way: neither the report nor a payment waits for the journal or fails with it.
    private void Note(ConnectorState state, CircuitEventKind kind, CircuitEvidence evidence)
    {
        var spacing = TimeSpan.FromSeconds(Math.Max(state.Settings.Health.OpenSeconds, CircuitDebounce.ShortestSpacingSeconds));
        _ = GrainFactory.CircuitLog(Name).Note(new CircuitNote(kind, time.GetUtcNow(), evidence.Calls, evidence.SuccessRate, evidence.Failures, spacing));
    }

    private static ConnectorPermit PermitOf(ConnectorState state, long number) =>
        new(state.Name, state.Provider, state.Settings, state.SealedCredentials, number, state.CredentialsVersion);

    [LoggerMessage(1, LogLevel.Warning, "Connector {Connector} takes no charges for {OpenSeconds} s: of {Calls}, it refused {Refused}, left {Unknown} unknown and could not be reached for {NotSent}")]
    private partial void LogCircuitOpened(ConnectorName connector, int calls, int refused, int unknown, int notSent, int openSeconds);

    [LoggerMessage(2, LogLevel.Information, "Connector {Connector} takes charges again")]
    private partial void LogCircuitClosed(ConnectorName connector);
}
