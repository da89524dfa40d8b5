using System.Collections.Immutable;

namespace OrleansPayments.Silo.Security;

/// <summary>The master keys that this silo has: one that wraps, and those that something may still be wrapped by.</summary>
public sealed class MasterKeySet
{
    public MasterKeySet(MasterKey current, params IEnumerable<MasterKey> previous)
    {
        ArgumentNullException.ThrowIfNull(current);
        Current = current;
        Previous = [.. previous.Where(key => key.Id != current.Id).DistinctBy(key => key.Id)];
        Ids = [current.Id, .. Previous.Select(key => key.Id)];
    }

    public MasterKey Current { get; }

    public ImmutableArray<MasterKey> Previous { get; }

    /// <summary>Of all, the current one first.</summary>
    public ImmutableArray<string> Ids { get; }

    /// <summary>Null when this silo has no such key.</summary>
    public MasterKey? Find(string id) => Current.Id == id ? Current : Previous.FirstOrDefault(key => key.Id == id);

    public override string ToString() => string.Join(", ", Ids);
}
