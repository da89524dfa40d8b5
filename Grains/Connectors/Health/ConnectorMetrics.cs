using System.Diagnostics.Metrics;
using OrleansPayments.Connectors;

namespace OrleansPayments.Grains.Connectors.Health;

/// <summary>The meter <c>OrleansPayments.Connectors</c>.</summary>
public sealed class ConnectorMetrics : IDisposable
{
    public const string MeterName = "OrleansPayments.Connectors";

    private readonly Meter _meter;
    private readonly Counter<long> _circuitChanges;

    public ConnectorMetrics(IMeterFactory? factory = null)
    {
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _circuitChanges = _meter.CreateCounter<long>("connector.circuit_changes", "{change}", "Circuits that opened, were tried again in vain, or closed.");
    }

    public void Dispose() => _meter.Dispose();

    internal void CircuitChanged(ConnectorName connector, CircuitChange change) => _circuitChanges.Add(
        1,
        new KeyValuePair<string, object?>("connector", connector.Value),
        new KeyValuePair<string, object?>("change", change switch { CircuitChange.Opened => "opened", CircuitChange.Reopened => "reopened", _ => "closed" }));
}
