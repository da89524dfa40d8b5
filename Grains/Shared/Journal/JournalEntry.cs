namespace OrleansPayments.Grains.Shared.Journal;

/// <summary>One version of an entity as the journal holds it.</summary>
/// <param name="Version">1 for the first; consecutive.</param>
/// <param name="RecordedAt">UTC, microseconds.</param>
/// <param name="Events">A JSON array in UTF-8.</param>
public readonly record struct JournalEntry(int Version, DateTimeOffset RecordedAt, ReadOnlyMemory<byte> Events);
