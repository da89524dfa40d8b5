using Orleans.Concurrency;

namespace OrleansPayments.Merchants;

/// <summary>One API key, asked at each request. Its key is the <see cref="ApiKeyId"/>, which is part of the secret: no look-up table is needed.</summary>
[Alias("api_key")]
public interface IApiKeyGrain : IGrainWithStringKey
{
    /// <summary>Called by the key's merchant only.</summary>
    [Alias("issue")]
    Task<Outcome<ApiKeyView>> Issue(MerchantId merchantId, IssueApiKey command);

    /// <summary>Called by the key's merchant only. Harmless when repeated.</summary>
    [Alias("revoke")]
    Task<Outcome<ApiKeyView>> Revoke();

    /// <summary>
    /// Who presents this secret, and where its merchant stands; null when the key is unknown or revoked, or the hash is another. Compares in constant time.
    /// The merchant is asked at the first request of an activation and tells of each change afterwards.
    /// </summary>
    /// <param name="secretHash">SHA-256 of the whole key in UTF-8, lower-case hexadecimal.</param>
    [AlwaysInterleave, Alias("authenticate")]
    Task<ApiKeyView?> Authenticate(string secretHash);

    /// <summary>Called by the key's merchant when it stands elsewhere; binds every request that is authenticated after this has answered. Harmless when repeated or late.</summary>
    /// <param name="version">The merchant's: the higher one is the newer.</param>
    [AlwaysInterleave, Alias("follow_merchant")]
    Task FollowMerchant(MerchantStatus status, int version);
}
