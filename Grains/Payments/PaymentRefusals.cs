namespace OrleansPayments.Grains.Payments;

internal static class PaymentRefusals
{
    public static Refusal IdempotencyMismatch { get; } = new(
        RefusalCode.IdempotencyMismatch, "This idempotency key was used for a payment with another body.");

    public static Refusal NotFound { get; } = new(RefusalCode.NotFound, "There is no such payment.");

    public static Refusal TooManyOperations { get; } = new(
        RefusalCode.InvalidState, $"A payment takes {PaymentMachine.MaxOperations} captures and cancellations at most.");

    public static Refusal ConnectorDisabled { get; } = new(
        RefusalCode.ConnectorDisabled, "The payment's connector is disabled: what is held there can be released and not captured.");

    public static Refusal ConnectorGone { get; } = new(RefusalCode.InvalidState, "The payment's connector does not exist any more.");

    public static Refusal CardRequired { get; } = new(
        RefusalCode.CardRequired, "The card that the payment was created with is no longer kept; send it again.", "/payment_method");
}
