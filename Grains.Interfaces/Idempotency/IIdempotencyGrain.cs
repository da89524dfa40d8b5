namespace OrleansPayments.Idempotency;

/// <summary>
/// Remembers which request an idempotency key was first used for, where the object's identity is a name chosen by the caller and cannot be derived from the key.
/// Its key is the hash of scope, operation and idempotency key.
/// </summary>
[Alias("idempotency")]
public interface IIdempotencyGrain : IGrainWithStringKey
{
    /// <summary>Durably binds the key to this fingerprint, or refuses with <see cref="RefusalCode.IdempotencyMismatch"/> when it is bound to another.</summary>
    [Alias("claim")]
    Task<Outcome<IdempotencyClaim>> Claim(string requestFingerprint);
}

/// <param name="CreationKey">What the object made under this claim remembers; the same at each repetition.</param>
[GenerateSerializer, Immutable, Alias("idempotency_claim")]
public sealed record IdempotencyClaim([property: Id(0)] string CreationKey);
