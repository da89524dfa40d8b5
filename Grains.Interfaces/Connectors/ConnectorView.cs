namespace OrleansPayments.Connectors;

/// <summary>A connector without its credentials.</summary>
[GenerateSerializer, Immutable, Alias("connector_view")]
public sealed record ConnectorView(
    [property: Id(0)] ConnectorName Name,
    [property: Id(1)] string Provider,
    [property: Id(2)] ConnectorSettings Settings,
    [property: Id(3)] int Version,
    [property: Id(4)] DateTimeOffset CreatedAt,
    [property: Id(5)] DateTimeOffset UpdatedAt);
