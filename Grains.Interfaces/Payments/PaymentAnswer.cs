namespace OrleansPayments.Payments;

/// <summary>The answer to an operation on an existing payment.</summary>
/// <param name="Replayed">True when an earlier request with the same idempotency key did it.</param>
[GenerateSerializer, Immutable, Alias("payment_answer")]
public sealed record PaymentAnswer([property: Id(0)] PaymentView Payment, [property: Id(1)] bool Replayed);
