using System.Collections.Immutable;
using OrleansPayments.Merchants;

namespace OrleansPayments.Grains.Merchants;

/// <summary>An API key as the fold of its events; the secret is only known by its hash.</summary>
internal sealed record ApiKeyState(
    ApiKeyId Id,
    MerchantId MerchantId,
    string Name,
    ImmutableArray<string> Permissions,
    string SecretHash,
    string RequestFingerprint,
    DateTimeOffset CreatedAt,
    DateTimeOffset? RevokedAt)
{
    public ApiKeyView ToView(MerchantStatus merchant = MerchantStatus.Active) => new(Id, MerchantId, Name, Permissions, CreatedAt, RevokedAt, merchant);
}
