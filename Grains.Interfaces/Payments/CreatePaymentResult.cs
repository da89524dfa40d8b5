namespace OrleansPayments.Payments;

/// <summary>The answer to <see cref="CreatePayment"/>.</summary>
/// <param name="Replayed">True when an earlier request with the same idempotency key made the payment.</param>
[GenerateSerializer, Immutable, Alias("create_payment_result")]
public sealed record CreatePaymentResult([property: Id(0)] PaymentView Payment, [property: Id(1)] bool Replayed);
