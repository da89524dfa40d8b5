namespace OrleansPayments.Merchants;

/// <param name="Merchant">As it was first answered.</param>
/// <param name="Replayed">True when an earlier request with the same idempotency key did it.</param>
[GenerateSerializer, Immutable, Alias("merchant_answer")]
public sealed record MerchantAnswer([property: Id(0)] MerchantView Merchant, [property: Id(1)] bool Replayed);
