using OrleansPayments.Grains.Shared.Journal;

namespace OrleansPayments.Silo.Api.KeyRotation;

/// <summary>Exchanges the master key.</summary>
public interface IMasterKeyRotation
{
    /// <summary>Makes a new master key, wraps every key by it and drops the old one; payments go on meanwhile.</summary>
    /// <param name="idempotencyKey">The hash of the request's scope, operation and key; the same again never makes a second key. Null for none.</param>
    /// <param name="stopping">Breaks off; what was begun is finished by the next start.</param>
    /// <exception cref="JournalUnavailableException">The database cannot be reached now; what was begun is finished when it can.</exception>
    Task<RotationResult> RotateAsync(string? idempotencyKey, CancellationToken stopping);
}

/// <param name="Rotation">Of a rotation that is completed; null otherwise.</param>
public sealed record RotationResult(RotationStatus Status, CompletedRotation? Rotation = null);

public enum RotationStatus
{
    Completed,

    /// <summary>By an earlier request with this idempotency key.</summary>
    Replayed,

    /// <summary>Another rotation is not finished; nothing was done.</summary>
    InProgress,

    /// <summary>The rotation of the first request with this idempotency key is not finished.</summary>
    RepetitionInProgress,

    /// <summary>The key is set by the configuration and can be exchanged only there; nothing was done.</summary>
    Configured,
}

/// <param name="MasterKeyId">Of the new key: 16 hexadecimal digits of a hash.</param>
/// <param name="At">When nothing was left to do.</param>
/// <param name="Rewrapped">Keys that were wrapped anew.</param>
public sealed record CompletedRotation(string MasterKeyId, DateTimeOffset At, long Rewrapped);
