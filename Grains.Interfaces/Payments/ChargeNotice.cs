using OrleansPayments.Connectors;

namespace OrleansPayments.Payments;

/// <summary>
/// What a provider told of a charge without being asked, after its signature was verified. It says how the charge stood when the provider wrote it: it may come
/// late, twice, out of order, and before the provider's own answer to the request that made the charge.
/// </summary>
/// <param name="EventId">The provider's id of the message; the same when it is delivered again.</param>
/// <param name="EventType">The provider's name of what happened.</param>
/// <param name="Connector">The connector whose secret verified it.</param>
/// <param name="Attempt">The attempt that made the charge: 1 for the payment's first.</param>
/// <param name="ConnectorReference">The provider's id of the charge.</param>
/// <param name="Amount">As the charge was asked for.</param>
/// <param name="AmountCaptured">Taken of it in all.</param>
/// <param name="Error">Why it was declined; null otherwise.</param>
/// <param name="NextAction">What the payer has to do; null unless the status is <see cref="ChargeStatus.ActionRequired"/>.</param>
[GenerateSerializer, Immutable, Alias("charge_notice")]
public sealed record ChargeNotice(
    [property: Id(0)] string EventId,
    [property: Id(1)] string EventType,
    [property: Id(2)] ConnectorName Connector,
    [property: Id(3)] int Attempt,
    [property: Id(4)] string ConnectorReference,
    [property: Id(5)] ChargeStatus Status,
    [property: Id(6)] Money Amount,
    [property: Id(7)] Money AmountCaptured,
    [property: Id(8)] PaymentError? Error,
    [property: Id(9)] NextAction? NextAction);

/// <summary>How a charge stands at its provider.</summary>
[GenerateSerializer, Alias("charge_status")]
public enum ChargeStatus
{
    /// <summary>The provider has it and has not decided.</summary>
    Pending,

    /// <summary>The payer must act.</summary>
    ActionRequired,

    /// <summary>The funds are held; some may have been taken by captures that were not the last.</summary>
    Authorized,

    /// <summary>Funds are taken, and no more will be.</summary>
    Captured,

    /// <summary>The issuer or the provider refused; nothing was taken.</summary>
    Declined,

    /// <summary>It was released, or given up, at the provider.</summary>
    Cancelled,
}
