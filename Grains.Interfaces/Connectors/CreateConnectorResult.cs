namespace OrleansPayments.Connectors;

/// <param name="Replayed">True when an earlier request with the same idempotency key made the connector.</param>
[GenerateSerializer, Immutable, Alias("create_connector_result")]
public sealed record CreateConnectorResult([property: Id(0)] ConnectorView Connector, [property: Id(1)] bool Replayed);
