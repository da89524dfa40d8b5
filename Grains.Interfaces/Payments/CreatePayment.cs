using System.Collections.Immutable;

namespace OrleansPayments.Payments;

/// <summary>Asks a payment to come into being and to take the money at once, or to hold it for a later capture. Validated at the edge; the limits are in the API reference.</summary>
/// <param name="RequestFingerprint">
/// A keyed hash of the canonical request without the security code; the same idempotency key with another fingerprint is refused.
/// </param>
[GenerateSerializer, Immutable, Alias("create_payment")]
public sealed record CreatePayment(
    [property: Id(0)] MerchantId MerchantId,
    [property: Id(1)] Money Amount,
    [property: Id(2)] CardDetails Card,
    [property: Id(3)] string? MerchantOrderId,
    [property: Id(4)] string? Description,
    [property: Id(5)] string? CustomerId,
    [property: Id(6)] string? PreferredConnector,
    [property: Id(7)] string? ReturnUrl,
    [property: Id(8)] ImmutableSortedDictionary<string, string> Metadata,
    [property: Id(9)] string? DeviceIp,
    [property: Id(10)] string RequestFingerprint,
    [property: Id(11)] CaptureMethod CaptureMethod = CaptureMethod.Automatic);
