using OrleansPayments.Payments;

namespace OrleansPayments.Merchants;

/// <param name="Status">Where the merchant is to stand.</param>
/// <param name="Reason">Why, for people: 1 to 255 characters; null for no reason.</param>
/// <param name="Identity">Null for a request that cannot be told from another.</param>
[GenerateSerializer, Immutable, Alias("change_merchant_status")]
public sealed record ChangeMerchantStatus(
    [property: Id(0)] MerchantStatus Status, [property: Id(1)] string? Reason, [property: Id(2)] RequestIdentity? Identity);
