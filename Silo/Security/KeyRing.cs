using System.Collections.Frozen;

namespace OrleansPayments.Silo.Security;

/// <summary>
/// The installation's data keys, one for each purpose, 32 bytes each. They rest in the database, wrapped by the master key, and are in memory from the start on,
/// before anything asks for one. They never change; a rotation changes the master key that wraps them.
/// </summary>
public sealed class KeyRing
{
    private FrozenDictionary<string, byte[]>? _keys;

    /// <exception cref="InvalidOperationException">The ring is not loaded yet.</exception>
    public byte[] KeyOf(KeyPurpose purpose)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        return (_keys ?? throw new InvalidOperationException("The key ring is not loaded."))[purpose.Name];
    }

    /// <summary>All keys as they were derived before there was a ring.</summary>
    public static KeyRing DerivedFrom(MasterKey masterKey)
    {
        ArgumentNullException.ThrowIfNull(masterKey);
        var ring = new KeyRing();
        ring.Load(KeyPurpose.All.ToDictionary(purpose => purpose.Name, purpose => masterKey.Derive(purpose.Name), StringComparer.Ordinal));
        return ring;
    }

    public override string ToString() => "key ring";

    internal void Load(IReadOnlyDictionary<string, byte[]> keys) => _keys = keys.ToFrozenDictionary(StringComparer.Ordinal);
}
