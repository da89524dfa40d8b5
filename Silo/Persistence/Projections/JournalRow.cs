namespace OrleansPayments.Silo.Persistence.Projections;

/// <summary>A row of the journal as a projection sees it.</summary>
/// <param name="Position">Consecutive within the shard, from 1.</param>
/// <param name="RecordedAt">UTC, microseconds; never decreases within a shard.</param>
/// <param name="Events">A JSON array in UTF-8.</param>
public readonly record struct JournalRow(
    int Shard, long Position, string Entity, int Version, DateTimeOffset RecordedAt, ReadOnlyMemory<byte> Events);
