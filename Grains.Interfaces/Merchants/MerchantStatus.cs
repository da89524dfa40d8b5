using System.Text.Json.Serialization;

namespace OrleansPayments.Merchants;

/// <summary>Where a merchant stands.</summary>
[GenerateSerializer, Alias("merchant_status")]
public enum MerchantStatus
{
    /// <summary>May take payments.</summary>
    [JsonStringEnumMemberName("active")]
    Active,
}
