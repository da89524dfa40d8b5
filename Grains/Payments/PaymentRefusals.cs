namespace OrleansPayments.Grains.Payments;

internal static class PaymentRefusals
{
    public static Refusal IdempotencyMismatch { get; } = new(
        RefusalCode.IdempotencyMismatch, "This idempotency key was used for a payment with another body.");
}
