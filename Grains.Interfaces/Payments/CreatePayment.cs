using System.Collections.Immutable;

namespace OrleansPayments.Payments;

/// <summary>Asks a payment to come into being: to take the money at once, to hold it for a later capture, or to wait until it is confirmed. Validated at the edge; the limits are in the API reference.</summary>
/// <param name="RequestFingerprint">
/// A keyed hash of the canonical request without the security code; the same idempotency key with another fingerprint is refused.
/// </param>
/// <param name="Confirm">False creates the payment and sends nothing; <see cref="IPaymentGrain.Confirm"/> sends.</param>
/// <param name="BillingCountry">ISO 3166-1 alpha-2; null where the merchant tells none.</param>
/// <param name="CardFingerprint">A keyed hash of the card number, the same for the same card in the whole installation; null where none is made.</param>
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
    [property: Id(11)] CaptureMethod CaptureMethod = CaptureMethod.Automatic,
    [property: Id(12)] bool Confirm = true,
    [property: Id(13)] string? CardFingerprint = null,
    [property: Id(14)] string? BillingCountry = null);
