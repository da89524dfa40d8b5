using System.Collections.Immutable;

namespace OrleansPayments.Grains.Shared.Security;

/// <summary>Encrypts what may rest in the journal only unreadable.</summary>
public interface ISecretSealer
{
    /// <param name="context">What the secret belongs to; opening under another context fails, so a sealed secret cannot be moved to another owner.</param>
    ImmutableArray<byte> Seal(ReadOnlySpan<byte> secret, string context);

    /// <exception cref="System.Security.Cryptography.CryptographicException">Altered, sealed for another context or under another key.</exception>
    byte[] Open(ImmutableArray<byte> sealedSecret, string context);
}
