using System.Text.Json.Serialization;

namespace OrleansPayments.Merchants;

/// <summary>Where a merchant stands. Whatever it is, what ends existing payments goes on: captures, cancellations, refunds, callbacks, inquiries; and so does reading.</summary>
[GenerateSerializer, Alias("merchant_status")]
public enum MerchantStatus
{
    /// <summary>May take payments.</summary>
    [JsonStringEnumMemberName("active")]
    Active,

    /// <summary>No payment is created or confirmed until it is active again.</summary>
    [JsonStringEnumMemberName("suspended")]
    Suspended,

    /// <summary>As suspended, for ever; no key is issued and nothing is configured any more.</summary>
    [JsonStringEnumMemberName("closed")]
    Closed,
}
