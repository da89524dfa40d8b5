namespace OrleansPayments.Merchants;

/// <param name="StatusReason">Why it is where it stands, in an administrator's words; null when none were given.</param>
/// <param name="StatusChangedAt">Since when it stands there; null when it has always been active.</param>
[GenerateSerializer, Immutable, Alias("merchant_view")]
public sealed record MerchantView(
    [property: Id(0)] MerchantId Id,
    [property: Id(1)] string Name,
    [property: Id(2)] string Country,
    [property: Id(3)] Currency DefaultCurrency,
    [property: Id(4)] MerchantStatus Status,
    [property: Id(5)] int Version,
    [property: Id(6)] DateTimeOffset CreatedAt,
    [property: Id(7)] string? StatusReason = null,
    [property: Id(8)] DateTimeOffset? StatusChangedAt = null);
