namespace OrleansPayments.PspSimulator.World;

/// <summary>Something a provider really did with money: an approved charge or authorization. A decline never becomes one.</summary>
/// <param name="Id">The identifier the provider answered with, unique in the account.</param>
/// <param name="Provider">The provider's name.</param>
/// <param name="Reference">The caller's attempt reference, if it sent one.</param>
/// <param name="PaymentId">The caller's payment, if it sent one.</param>
/// <param name="Amount">What was approved, in the provider's minor units.</param>
/// <param name="AmountCaptured">From 0 to <paramref name="Amount"/>.</param>
/// <param name="AmountRefunded">From 0 to <paramref name="AmountCaptured"/>.</param>
/// <param name="Currency">ISO 4217, upper case.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="CreatedAt">When it was approved.</param>
internal sealed record Charge(
    string Id,
    string Provider,
    string? Reference,
    string? PaymentId,
    long Amount,
    long AmountCaptured,
    long AmountRefunded,
    string Currency,
    ChargeStatus Status,
    DateTimeOffset CreatedAt);
