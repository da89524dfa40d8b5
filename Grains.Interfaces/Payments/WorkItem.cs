using System.Collections.Immutable;

namespace OrleansPayments.Payments;

/// <summary>What only a person can find out about a payment, because its connector gave no answer that decides.</summary>
/// <param name="Reason">snake_case: <c>outcome_unknown</c>, <c>charge_after_end</c>, …</param>
/// <param name="Since">From when on nobody but a person works on it.</param>
/// <param name="Resolutions">What they may say; never empty.</param>
[GenerateSerializer, Immutable, Alias("work_item")]
public sealed record WorkItem(
    [property: Id(0)] string Reason,
    [property: Id(1)] DateTimeOffset Since,
    [property: Id(2)] ImmutableArray<PaymentResolution> Resolutions)
{
    /// <summary>A reason: another connector has a charge of an attempt that it had refused. The payment itself goes its way meanwhile.</summary>
    public const string ChargeOfPassedAttempt = "charge_of_passed_attempt";
}
