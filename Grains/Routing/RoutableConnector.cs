using OrleansPayments.Connectors;

namespace OrleansPayments.Grains.Routing;

/// <summary>A connector with what is known of it, as a decision sees it.</summary>
internal sealed class RoutableConnector(ConnectorView view, RoutingSignals signals)
{
    public string Name { get; } = view.Name.Value;

    public ConnectorView View { get; } = view;

    public ConnectorSettings Settings { get; } = view.Settings;

    public RoutingSignals Signals { get; } = signals.InRange();
}
