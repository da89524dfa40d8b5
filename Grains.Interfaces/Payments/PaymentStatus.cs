using System.Text.Json.Serialization;

namespace OrleansPayments.Payments;

/// <summary>Where a payment stands. <c>docs/payment-states.md</c> shows the transitions.</summary>
[GenerateSerializer, Alias("payment_status")]
public enum PaymentStatus
{
    /// <summary>Accepted, nothing sent yet.</summary>
    [JsonStringEnumMemberName("created")]
    Created,

    /// <summary>Sent to a connector; the final outcome is not known yet, also after a timeout.</summary>
    [JsonStringEnumMemberName("processing")]
    Processing,

    /// <summary>The funds are taken.</summary>
    [JsonStringEnumMemberName("captured")]
    Captured,

    /// <summary>The connector or the issuer refused.</summary>
    [JsonStringEnumMemberName("declined")]
    Declined,

    /// <summary>Ended without success for any other reason.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}
