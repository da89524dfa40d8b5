using System.Text;

namespace OrleansPayments.Silo.Persistence.Journal;

/// <summary>
/// Which shard an entity's events are in: FNV-1a (64 bit) over the UTF-8 bytes of its id, finished with the mixer of SplitMix64, modulo the number
/// of shards. An entity's order lives in its shard, so neither the function nor the number may ever change; a test pins values.
/// Sources: FNV-1a, draft-eastlake-fnv; mixer: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
/// </summary>
public sealed class ShardMap
{
    /// <summary>Enough to spread over silos for years, few enough to ask all of them for news in one query.</summary>
    public const int DefaultCount = 64;

    public ShardMap(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Count = count;
    }

    public int Count { get; }

    /// <summary>From 0 to <see cref="Count"/> - 1.</summary>
    public int ShardOf(string entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        Span<byte> small = stackalloc byte[256];
        var bytes = entity.Length * 3 <= small.Length ? small : new byte[entity.Length * 3];
        return (int)(Hash(bytes[..Encoding.UTF8.GetBytes(entity, bytes)]) % (ulong)Count);
    }

    private static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        unchecked
        {
            var hash = 14695981039346656037UL;
            foreach (var b in bytes)
                hash = (hash ^ b) * 1099511628211UL;

            // FNV's low bits are weak for ids that differ in their last characters only.
            hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL;
            hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBUL;
            return hash ^ (hash >> 31);
        }
    }
}
