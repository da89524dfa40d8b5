namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>One idempotency key's request. Written under the lock of <see cref="StripeIdempotency"/>.</summary>
/// <param name="fingerprint">A keyed digest of path and parameters.</param>
/// <param name="requestId">The <c>Request-Id</c> of the request that executed.</param>
internal sealed class IdempotencyRecord(UInt128 fingerprint, string requestId)
{
    public UInt128 Fingerprint { get; } = fingerprint;

    public string RequestId { get; } = requestId;

    /// <summary>Null while the request runs.</summary>
    public StripeReply? Reply { get; set; }
}
