using System.Text.Json.Serialization;

namespace OrleansPayments.Payments;

/// <summary>What the merchant had best do after a refusal.</summary>
[GenerateSerializer, Alias("retry_advice")]
public enum RetryAdvice
{
    /// <summary>The same payment may work later.</summary>
    [JsonStringEnumMemberName("retry_later")]
    RetryLater,

    /// <summary>The payer should use another card or method.</summary>
    [JsonStringEnumMemberName("try_other_method")]
    TryOtherMethod,

    /// <summary>Trying again will not help, and may be held against the merchant.</summary>
    [JsonStringEnumMemberName("do_not_retry")]
    DoNotRetry,
}
