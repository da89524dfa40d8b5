namespace OrleansPayments.Payments;

/// <summary>What makes two requests on one payment the same request.</summary>
/// <param name="Key">A hash of scope, operation and idempotency key.</param>
/// <param name="Fingerprint">A keyed hash of the canonical request; the same key with another fingerprint is refused.</param>
[GenerateSerializer, Immutable, Alias("request_identity")]
public sealed record RequestIdentity([property: Id(0)] string Key, [property: Id(1)] string Fingerprint);
