namespace OrleansPayments.Merchants;

/// <param name="Replayed">True when an earlier request with the same idempotency key made the merchant.</param>
[GenerateSerializer, Immutable, Alias("create_merchant_result")]
public sealed record CreateMerchantResult([property: Id(0)] MerchantView Merchant, [property: Id(1)] bool Replayed);
