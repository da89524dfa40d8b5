using System.Text.Json.Serialization;

namespace OrleansPayments.Payments;

/// <summary>Where a payment stands. <c>docs/payment-states.md</c> shows the transitions.</summary>
[GenerateSerializer, Alias("payment_status")]
public enum PaymentStatus
{
    /// <summary>Accepted, nothing sent yet.</summary>
    [JsonStringEnumMemberName("created")]
    Created,

    /// <summary>Sent to a connector (the payment itself, or a capture or cancellation of it); the outcome is not known yet, also after a timeout.</summary>
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

    /// <summary>The funds are held and none of them is taken.</summary>
    [JsonStringEnumMemberName("authorized")]
    Authorized,

    /// <summary>Some of the funds are taken; whether the rest still can be depends on the capture method.</summary>
    [JsonStringEnumMemberName("partially_captured")]
    PartiallyCaptured,

    /// <summary>The funds were released before any of them was taken.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>The payer must act before the connector goes on.</summary>
    [JsonStringEnumMemberName("requires_action")]
    RequiresAction,
}
