using System.Text.Json.Serialization;

namespace OrleansPayments.Payments;

/// <summary>When the funds of an approved payment are taken.</summary>
[GenerateSerializer, Alias("capture_method")]
public enum CaptureMethod
{
    /// <summary>With the approval.</summary>
    [JsonStringEnumMemberName("automatic")]
    Automatic,

    /// <summary>By one later capture, in full or in part; what it leaves is released.</summary>
    [JsonStringEnumMemberName("manual")]
    Manual,

    /// <summary>By later captures, until the whole amount is taken.</summary>
    [JsonStringEnumMemberName("manual_multiple")]
    ManualMultiple,
}
