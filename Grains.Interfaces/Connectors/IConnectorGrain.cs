using Orleans.Concurrency;

namespace OrleansPayments.Connectors;

/// <summary>One connector: an account at a provider. Its key is the <see cref="ConnectorName"/>.</summary>
[Alias("connector")]
public interface IConnectorGrain : IGrainWithStringKey
{
    /// <summary>Creates the connector; called again with the same creation key it answers as it first did. Binds every payment that starts after the answer.</summary>
    [Alias("create")]
    Task<Outcome<CreateConnectorResult>> Create(CreateConnector command);

    /// <summary>
    /// Changes what is named and leaves the rest, so that of two changes at once none is lost. Binds every payment that starts after the answer. Refused with
    /// <see cref="RefusalCode.NotFound"/>, <see cref="RefusalCode.VersionConflict"/>, <see cref="RefusalCode.UnknownProvider"/> or
    /// <see cref="RefusalCode.InvalidCredentials"/>, and then nothing is changed. Harmless when repeated.
    /// </summary>
    [Alias("update")]
    Task<Outcome<ConnectorView>> Update(UpdateConnector command);

    /// <summary>Null when there is no such connector.</summary>
    [AlwaysInterleave, Alias("get")]
    Task<ConnectorView?> Get();

    /// <summary>Leave to send; null when there is no such connector or it does not grant this purpose now.</summary>
    [AlwaysInterleave, Alias("request_permit")]
    Task<ConnectorPermit?> RequestPermit(PermitPurpose purpose);

    /// <summary>
    /// Leave to charge, or the reason against it. The permit counts as in flight until <see cref="Report"/>, at the longest for the connector's timeout and 30 s more.
    /// </summary>
    [AlwaysInterleave, Alias("request_charge_permit")]
    Task<PermitAnswer> RequestChargePermit();

    /// <summary>
    /// Tells what became of a permit to charge, once. Nobody waits for it and nothing is lost with it but a number: health is a statistic, and the permit expires.
    /// What an inquiry finds out later is not told: the charge has counted as unknown.
    /// </summary>
    [AlwaysInterleave, OneWay, Alias("report")]
    Task Report(ChargeReport report);

    /// <summary>How its charges fare; null when there is no such connector.</summary>
    [AlwaysInterleave, Alias("get_health")]
    Task<ConnectorHealthView?> GetHealth();
}
