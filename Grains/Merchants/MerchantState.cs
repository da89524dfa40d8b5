using System.Collections.Immutable;
using OrleansPayments.Merchants;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Merchants;

/// <summary>A merchant as the fold of its events.</summary>
internal sealed record MerchantState(
    MerchantId Id,
    string Name,
    string Country,
    Currency DefaultCurrency,
    string RequestFingerprint,
    ImmutableArray<ApiKeyView> ApiKeys,
    int Version,
    DateTimeOffset CreatedAt,
    MerchantRouting Routing)
{
    public MerchantView ToView() => new(Id, Name, Country, DefaultCurrency, MerchantStatus.Active, Version, CreatedAt);
}
