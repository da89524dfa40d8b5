namespace OrleansPayments.Connectors;

/// <param name="Provider">The protocol it speaks: <c>stripe</c>.</param>
/// <param name="CreationKey">The identity of the request, so that its repetition is known as one.</param>
[GenerateSerializer, Immutable, Alias("create_connector")]
public sealed record CreateConnector(
    [property: Id(0)] string Provider,
    [property: Id(1)] ConnectorSettings Settings,
    [property: Id(2)] ConnectorCredentials Credentials,
    [property: Id(3)] string CreationKey);
