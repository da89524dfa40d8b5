namespace OrleansPayments.Silo.Persistence.Journal;

/// <summary>What an owner knows of one of its shards.</summary>
/// <param name="Epoch">The epoch that its statements must carry.</param>
/// <param name="Head">The position of the last row.</param>
public readonly record struct ShardMark(int Shard, long Epoch, long Head);
