using System.ComponentModel.DataAnnotations;

namespace OrleansPayments.Silo.Persistence.Journal;

/// <summary>The journal's limits. Section <c>Journal</c>.</summary>
public sealed class JournalOptions : IValidatableObject
{
    /// <summary>The number of logical shards, recorded when the database is created; another number is refused for ever after. Default 64; 1 to 4096.</summary>
    [Range(1, 4096)]
    public int Shards { get; set; } = ShardMap.DefaultCount;

    /// <summary>Writers, each with its own connection and one batch in flight; shard modulo writers decides. Default 2; 1 to 4.</summary>
    [Range(1, 4)]
    public int Writers { get; set; } = 2;

    /// <summary>Appends in one batch. Above 100-200 the latency grows and the throughput hardly does. Default 128; 1 to 512.</summary>
    [Range(1, 512)]
    public int MaxBatch { get; set; } = 128;

    /// <summary>Bytes of events in one batch; one append may exceed it alone. Default 8 MiB; 64 KiB to 64 MiB.</summary>
    [Range(64 * 1024, 64 * 1024 * 1024)]
    public int MaxBatchBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Appends that wait per writer; one more is refused at once. Default 10 000; 1 to 1 000 000.</summary>
    [Range(1, 1_000_000)]
    public int MaxQueue { get; set; } = 10_000;

    /// <summary>Bytes of events that wait per writer; more are refused at once. Default 128 MiB; 2 MiB to 1 GiB.</summary>
    [Range(2 * 1024 * 1024, 1024 * 1024 * 1024)]
    public int MaxQueueBytes { get; set; } = 128 * 1024 * 1024;

    /// <summary>Connections that serve loads. Default 2; 1 to 8.</summary>
    [Range(1, 8)]
    public int LoadConnections { get; set; } = 2;

    /// <summary>Entities in one load query. Default 128; 1 to 1024.</summary>
    [Range(1, 1024)]
    public int MaxLoadBatch { get; set; } = 128;

    /// <summary>Loads that wait; one more is refused at once. Default 10 000; 1 to 1 000 000.</summary>
    [Range(1, 1_000_000)]
    public int MaxLoadQueue { get; set; } = 10_000;

    /// <summary>How long callers wait for the truth about a batch after a lost connection, before they are told "unknown". Default 15 s; up to 5 min.</summary>
    public TimeSpan RecoveryPatience { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest pause between two attempts to reconnect; pauses double from 50 ms up to it. Default 2 s.</summary>
    public TimeSpan MaxBackOff { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one statement may take before its outcome counts as unknown, in whole seconds. Default 10 s; 1 s to 5 min.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often an idle silo looks whether the shards are still its own. Default 1 s.</summary>
    public TimeSpan OwnershipPollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a stop waits for queued appends. Default 10 s.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (RecoveryPatience <= TimeSpan.Zero || RecoveryPatience > TimeSpan.FromMinutes(5))
            yield return new ValidationResult("It must be above 0 and at most 5 minutes.", [nameof(RecoveryPatience)]);
        if (MaxBackOff < TimeSpan.FromMilliseconds(50) || MaxBackOff > TimeSpan.FromMinutes(1))
            yield return new ValidationResult("It must be from 50 ms to 1 minute.", [nameof(MaxBackOff)]);
        if (CommandTimeout < TimeSpan.FromSeconds(1) || CommandTimeout > TimeSpan.FromMinutes(5))
            yield return new ValidationResult("It must be from 1 s to 5 minutes.", [nameof(CommandTimeout)]);
        if (OwnershipPollInterval < TimeSpan.FromMilliseconds(10) || OwnershipPollInterval > TimeSpan.FromMinutes(1))
            yield return new ValidationResult("It must be from 10 ms to 1 minute.", [nameof(OwnershipPollInterval)]);
        if (DrainTimeout < TimeSpan.Zero || DrainTimeout > TimeSpan.FromMinutes(5))
            yield return new ValidationResult("It must be from 0 to 5 minutes.", [nameof(DrainTimeout)]);
        if (Writers > Shards)
            yield return new ValidationResult("There must not be more writers than shards.", [nameof(Writers)]);
    }

    /// <exception cref="ValidationException">An option is out of its range.</exception>
    public void ThrowIfInvalid() => Validator.ValidateObject(this, new ValidationContext(this), validateAllProperties: true);
}
