namespace OrleansPayments.Payments;

/// <summary>Asks for authorised funds to be released before any of them is taken.</summary>
/// <param name="Reason">The merchant's own words, kept with the payment: at most 255 characters.</param>
/// <param name="Identity">Null when the caller gave no idempotency key.</param>
[GenerateSerializer, Immutable, Alias("cancel_payment")]
public sealed record CancelPayment([property: Id(0)] string? Reason, [property: Id(1)] RequestIdentity? Identity);
