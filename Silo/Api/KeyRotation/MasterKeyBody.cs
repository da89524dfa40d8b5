namespace OrleansPayments.Silo.Api.KeyRotation;

/// <summary>A master key on the wire: its id, never the key.</summary>
/// <param name="RewrappedKeys">How many keys the rotation to it wrapped anew.</param>
internal sealed record MasterKeyBody(string Id, string Object, DateTimeOffset RotatedAt, long RewrappedKeys)
{
    public static MasterKeyBody Of(CompletedRotation rotation) => new(rotation.MasterKeyId, "master_key", rotation.At, rotation.Rewrapped);
}
