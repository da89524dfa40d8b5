namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>What a request may do with its idempotency key.</summary>
internal enum IdempotencyClaim
{
    /// <summary>Execute: the key is now this request's.</summary>
    Granted,

    /// <summary>Give the first answer again.</summary>
    Replay,

    /// <summary>Nothing: the first request with it is still running.</summary>
    InUse,

    /// <summary>Nothing: the key belongs to a request with another path or other parameters.</summary>
    Mismatch,
}
