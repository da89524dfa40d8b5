using System.Collections.Immutable;

namespace OrleansPayments.Connectors;

/// <summary>Leave to use a connector, with what is needed to do so.</summary>
/// <param name="SealedCredentials">Encrypted; only the adapter's side opens them.</param>
/// <param name="Number">Of a permit to charge, to report on it; 0 for any other.</param>
/// <param name="CredentialsVersion">The connector's version that these credentials came with, from 1 on: with another one they may open another account. Null where the giver does not tell.</param>
[GenerateSerializer, Immutable, Alias("connector_permit")]
public sealed record ConnectorPermit(
    [property: Id(0)] ConnectorName Connector,
    [property: Id(1)] string Provider,
    [property: Id(2)] ConnectorSettings Settings,
    [property: Id(3)] ImmutableArray<byte> SealedCredentials,
    [property: Id(4)] long Number = 0,
    [property: Id(5)] int? CredentialsVersion = null);
