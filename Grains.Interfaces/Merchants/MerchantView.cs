namespace OrleansPayments.Merchants;

[GenerateSerializer, Immutable, Alias("merchant_view")]
public sealed record MerchantView(
    [property: Id(0)] MerchantId Id,
    [property: Id(1)] string Name,
    [property: Id(2)] string Country,
    [property: Id(3)] Currency DefaultCurrency,
    [property: Id(4)] MerchantStatus Status,
    [property: Id(5)] int Version,
    [property: Id(6)] DateTimeOffset CreatedAt);
