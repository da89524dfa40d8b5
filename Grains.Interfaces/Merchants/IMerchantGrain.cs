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

    /// <summary>
    /// Suspends, activates or closes the merchant; binds every request that starts after this has answered. Harmless when repeated; a request with an identity is
    /// answered as it first was, as long as it is among the last 100.
    /// </summary>
    [Alias("change_status")]
    Task<Outcome<MerchantAnswer>> ChangeStatus(ChangeMerchantStatus command);

    /// <summary>Changes the merchant's name and the like. Harmless when repeated.</summary>
    [Alias("update")]
    Task<Outcome<MerchantView>> Update(UpdateMerchant command);

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

    /// <summary>Tells of a payment's first outcome, once. Nobody waits for it and nothing is lost with it but a number: health is a statistic.</summary>
    [AlwaysInterleave, OneWay, Alias("report_payment")]
    Task ReportPayment(PaymentReport report);

    /// <summary>How the merchant's payments fare; null when there is no such merchant.</summary>
    [AlwaysInterleave, Alias("get_health")]
    Task<MerchantHealthView?> GetHealth();
}
