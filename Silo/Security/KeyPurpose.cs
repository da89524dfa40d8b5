using System.Collections.Immutable;

namespace OrleansPayments.Silo.Security;

/// <summary>What a key of the <see cref="KeyRing"/> is for.</summary>
/// <param name="Name">Stored with the key; never changed.</param>
/// <param name="WasDerived">Before there was a ring it was derived from the master key; an installation of that time goes on with that value.</param>
public sealed record KeyPurpose(string Name, bool WasDerived)
{
    public static KeyPurpose RequestFingerprint { get; } = new("request-fingerprint", WasDerived: true);

    public static KeyPurpose ApiKeySecret { get; } = new("api-key-secret", WasDerived: true);

    public static KeyPurpose SecretSealing { get; } = new("secret-sealing", WasDerived: true);

    /// <summary>Encrypts nothing: its first bytes stand in every sealed secret.</summary>
    public static KeyPurpose SecretSealingKeyId { get; } = new("secret-sealing-key-id", WasDerived: true);

    public static KeyPurpose CardFingerprint { get; } = new("card-fingerprint", WasDerived: false);

    public static ImmutableArray<KeyPurpose> All { get; } = [RequestFingerprint, ApiKeySecret, SecretSealing, SecretSealingKeyId, CardFingerprint];
}
