using System.Collections.Immutable;

namespace OrleansPayments.Merchants;

/// <summary>A key without its secret.</summary>
/// <param name="RevokedAt">Null while the key works.</param>
/// <param name="MerchantStatus">Where the key's merchant stands; meant only where a key is authenticated.</param>
[GenerateSerializer, Immutable, Alias("api_key_view")]
public sealed record ApiKeyView(
    [property: Id(0)] ApiKeyId Id,
    [property: Id(1)] MerchantId MerchantId,
    [property: Id(2)] string Name,
    [property: Id(3)] ImmutableArray<string> Permissions,
    [property: Id(4)] DateTimeOffset CreatedAt,
    [property: Id(5)] DateTimeOffset? RevokedAt,
    [property: Id(6)] MerchantStatus MerchantStatus = MerchantStatus.Active);
