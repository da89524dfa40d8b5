using Orleans.Concurrency;
using OrleansPayments.Routing;

namespace OrleansPayments.Merchants;

/// <summary>One merchant and the list of its API keys. Its key is the <see cref="MerchantId"/>.</summary>
[Alias("merchant")]
public interface IMerchantGrain : IGrainWithStringKey
{
    /// <summary>Creates the merchant; called again with the same fingerprint it answers as it first did.</summary>
    [Alias("create")]
    Task<Outcome<CreateMerchantResult>> Create(CreateMerchant command);

    /// <summary>Null when there is no such merchant.</summary>
    [AlwaysInterleave, Alias("get")]
    Task<MerchantView?> Get();

    /// <summary>Issues a key; called again with the same id and fingerprint it answers as it first did. The key works once this has answered.</summary>
    [Alias("issue_api_key")]
    Task<Outcome<IssueApiKeyResult>> IssueApiKey(IssueApiKey command);

    /// <summary>Revokes a key; it is refused from the moment that this has answered. Harmless when repeated.</summary>
    [Alias("revoke_api_key")]
    Task<Outcome<ApiKeyView>> RevokeApiKey(ApiKeyId id);

    /// <summary>Every key ever issued, oldest first, revoked ones included; null when there is no such merchant.</summary>
    [AlwaysInterleave, Alias("list_api_keys")]
    Task<ApiKeyList?> ListApiKeys();

    /// <summary>Changes how the merchant's payments are routed; binds every payment that starts after this has answered. Harmless when repeated.</summary>
    [Alias("configure_routing")]
    Task<Outcome<MerchantRouting>> ConfigureRouting(RoutingConfiguration configuration);

    /// <summary>How the merchant's payments are routed; null when there is no such merchant.</summary>
    [AlwaysInterleave, Alias("get_routing")]
    Task<MerchantRouting?> GetRouting();
}
