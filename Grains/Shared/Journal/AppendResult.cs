namespace OrleansPayments.Grains.Shared.Journal;

/// <summary>How an append ended.</summary>
/// <param name="RecordedAt">The moment that the journal gave the entry, UTC; never decreases within a shard. Meaningless unless appended.</param>
public readonly record struct AppendResult(AppendStatus Status, DateTimeOffset RecordedAt);

/// <summary>The definite outcomes of an append.</summary>
public enum AppendStatus
{
    /// <summary>Committed and flushed.</summary>
    Appended,

    /// <summary>The entity is not at the expected version: another activation wrote. Nothing was written.</summary>
    Conflict,

    /// <summary>The store refused the data itself (not valid text, too large). Nothing was written, and the same data will be refused again.</summary>
    Rejected,
}
