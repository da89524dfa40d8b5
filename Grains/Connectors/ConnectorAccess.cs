using OrleansPayments.Connectors;

namespace OrleansPayments.Grains.Connectors;

/// <summary>A connector with its opened credentials, for one call. Not a record: a generated <c>ToString</c> would print the secrets.</summary>
public sealed class ConnectorAccess(ConnectorName connector, ConnectorCredentials credentials)
{
    public ConnectorName Connector { get; } = connector;

    public ConnectorCredentials Credentials { get; } = credentials;

    /// <summary>For the payment's traces.</summary>
    public ExchangeNotes Notes { get; } = new();

    public override string ToString() => $"access to {Connector}";
}
