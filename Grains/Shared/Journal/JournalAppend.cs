namespace OrleansPayments.Grains.Shared.Journal;

/// <summary>One new version of an entity.</summary>
/// <param name="Entity">The entity's id, prefix included (<c>pay_…</c>, <c>mer_…</c>); 1 to 200 characters. It also decides the shard, for ever.</param>
/// <param name="ExpectedVersion">The version the writer has seen, 0 for a new entity; the entry becomes version <c>ExpectedVersion + 1</c>.</param>
/// <param name="Events">The events of this version: a JSON array in UTF-8, at most 1 MiB.</param>
public readonly record struct JournalAppend(string Entity, int ExpectedVersion, ReadOnlyMemory<byte> Events);
