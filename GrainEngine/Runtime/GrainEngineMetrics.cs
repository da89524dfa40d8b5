using System.Diagnostics.Metrics;

namespace Orleans.Runtime;

/// <summary>The engine's instruments. Levels are read when somebody collects them; only refusals and timeouts are counted as they happen.</summary>
internal sealed class GrainEngineMetrics : IDisposable
{
    public const string MeterName = "OrleansPayments.GrainEngine";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _timeouts;

    public GrainEngineMetrics(EmbeddedGrainEngine engine)
    {
        _meter.CreateObservableGauge("grains.activations", () => engine.Catalog.Count, "{activation}", "Activations in memory.");
        _meter.CreateObservableGauge("grains.calls.pending", () => engine.Timeouts.PendingCount, "{call}", "Calls that wait for an answer.");
        _refusals = _meter.CreateCounter<long>("grains.mailbox.refusals", "{call}", "Calls refused because a mailbox was full.");
        _timeouts = _meter.CreateCounter<long>("grains.calls.timeouts", "{call}", "Calls given up by their callers.");
    }

    public void MailboxRefused() => _refusals.Add(1);

    public void TimedOut(int calls)
    {
        if (calls > 0)
            _timeouts.Add(calls);
    }

    public void Dispose() => _meter.Dispose();
}
