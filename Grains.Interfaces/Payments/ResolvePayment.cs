using System.Text.Json.Serialization;

namespace OrleansPayments.Payments;

/// <summary>A person's word on what became of a payment that nobody could find out about.</summary>
/// <param name="Reason">How they know, in their own words: 1 to 1 000 characters.</param>
/// <param name="ResolvedBy">Who says so: the name of an operator or of an API key, 1 to 255 characters.</param>
/// <param name="Identity">Null when the caller gave no idempotency key.</param>
/// <param name="ConnectorReference">
/// The provider's id of the charge that they speak of, at most 255 characters. Needed for one that the payment does not know and where funds are held, and for the
/// charge of an attempt that was passed on, which it picks out also while something else is open.
/// </param>
[GenerateSerializer, Immutable, Alias("resolve_payment")]
public sealed record ResolvePayment(
    [property: Id(0)] PaymentResolution Resolution,
    [property: Id(1)] string Reason,
    [property: Id(2)] string ResolvedBy,
    [property: Id(3)] RequestIdentity? Identity,
    [property: Id(4)] string? ConnectorReference = null);

/// <summary>What a person found out. Which of them can be said depends on what is open: a charge, an authorisation, a capture or a cancellation.</summary>
[GenerateSerializer, Alias("payment_resolution")]
public enum PaymentResolution
{
    /// <summary>The charge or capture was made.</summary>
    [JsonStringEnumMemberName("captured")]
    Captured,

    /// <summary>The charge or capture was not made, and never will be.</summary>
    [JsonStringEnumMemberName("not_captured")]
    NotCaptured,

    /// <summary>The funds are held.</summary>
    [JsonStringEnumMemberName("authorized")]
    Authorized,

    /// <summary>The funds are not held, and never will be.</summary>
    [JsonStringEnumMemberName("not_authorized")]
    NotAuthorized,

    /// <summary>The funds were released.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>The funds were not released, and are still held.</summary>
    [JsonStringEnumMemberName("not_cancelled")]
    NotCancelled,
}
