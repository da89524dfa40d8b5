using Orleans.Concurrency;

namespace OrleansPayments.Connectors;

/// <summary>One connector: an account at a provider. Its key is the <see cref="ConnectorName"/>.</summary>
[Alias("connector")]
public interface IConnectorGrain : IGrainWithStringKey
{
    /// <summary>Creates the connector; called again with the same creation key it answers as it first did. Binds every payment that starts after the answer.</summary>
    [Alias("create")]
    Task<Outcome<CreateConnectorResult>> Create(CreateConnector command);

    /// <summary>Null when there is no such connector.</summary>
    [AlwaysInterleave, Alias("get")]
    Task<ConnectorView?> Get();

    /// <summary>Leave to send; null when there is no such connector or it takes no payments now.</summary>
    [AlwaysInterleave, Alias("request_permit")]
    Task<ConnectorPermit?> RequestPermit(PermitPurpose purpose);
}
