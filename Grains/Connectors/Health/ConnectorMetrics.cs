using System.Diagnostics;
using System.Diagnostics.Metrics;
using OrleansPayments.Connectors;

namespace OrleansPayments.Grains.Connectors.Health;

/// <summary>The meter and the source of spans <c>OrleansPayments.Connectors</c>.</summary>
public sealed class ConnectorMetrics : IDisposable
{
    public const string MeterName = "OrleansPayments.Connectors";

    private readonly Meter _meter;
    private readonly ActivitySource _spans = new(MeterName);
    private readonly Counter<long> _circuitChanges;

    public ConnectorMetrics(IMeterFactory? factory = null)
    {
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _circuitChanges = _meter.CreateCounter<long>("connector.circuit_changes", "{change}", "Circuits that opened, were tried again in vain, or closed.");
    }

    public void Dispose()
    {
        _meter.Dispose();
        _spans.Dispose();
    }

    internal void CircuitChanged(ConnectorName connector, CircuitChange change, CircuitEvidence evidence)
    {
        var name = change switch { CircuitChange.Opened => "opened", CircuitChange.Reopened => "reopened", _ => "closed" };
        _circuitChanges.Add(1, new KeyValuePair<string, object?>("connector", connector.Value), new KeyValuePair<string, object?>("change", name));

        // A moment and no duration: it belongs to no payment's span, because reports come one way. Null when nobody listens.
        using var span = _spans.StartActivity("connector.circuit_" + name);
        span?.SetTag("connector", connector.Value).SetTag("calls", evidence.Calls).SetTag("success_rate", evidence.SuccessRate)
            .SetTag("failures.refused", evidence.Failures.Refused).SetTag("failures.unknown", evidence.Failures.Unknown)
            .SetTag("failures.not_sent", evidence.Failures.NotSent);
    }
}
