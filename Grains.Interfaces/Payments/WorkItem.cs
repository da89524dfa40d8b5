using System.Collections.Immutable;

namespace OrleansPayments.Payments;

/// <summary>What only a person can find out about a payment, because its connector gave no answer that decides.</summary>
/// <param name="Reason">snake_case: <c>outcome_unknown</c>, <c>charge_after_end</c>, …</param>
/// <param name="Since">From when on nobody but a person works on it.</param>
/// <param name="Resolutions">What they may say; never empty.</param>
/// <param name="Connector">Where the charge that it is about is, or may be; null where that is not known.</param>
/// <param name="ConnectorReference">The provider's id of that charge; null where the provider gave none.</param>
/// <param name="Amount">What was taken of it where it is known to have funds, else what it was asked for; null where that is not known.</param>
[GenerateSerializer, Immutable, Alias("work_item")]
public sealed record WorkItem(
    [property: Id(0)] string Reason,
    [property: Id(1)] DateTimeOffset Since,
    [property: Id(2)] ImmutableArray<PaymentResolution> Resolutions,
    [property: Id(3)] string? Connector = null,
    [property: Id(4)] string? ConnectorReference = null,
    [property: Id(5)] Money? Amount = null)
{
    /// <summary>A reason: another connector has a charge of an attempt that it had refused. The payment itself goes its way meanwhile.</summary>
    public const string ChargeOfPassedAttempt = "charge_of_passed_attempt";
}
