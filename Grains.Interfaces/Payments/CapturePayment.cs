namespace OrleansPayments.Payments;

/// <summary>Asks for authorised funds to be taken.</summary>
/// <param name="Amount">In minor units of the payment's currency, positive; null takes all that is left.</param>
/// <param name="Identity">Null when the caller gave no idempotency key: the same request again is then another capture.</param>
[GenerateSerializer, Immutable, Alias("capture_payment")]
public sealed record CapturePayment([property: Id(0)] long? Amount, [property: Id(1)] RequestIdentity? Identity);
