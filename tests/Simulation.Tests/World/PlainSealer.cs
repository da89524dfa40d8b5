using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using OrleansPayments.Grains.Shared.Security;

namespace OrleansPayments.Simulation.World;

/// <summary>Binds a secret to its context without a cipher: the real one draws a nonce, and a simulation has no secrets.</summary>
internal sealed class PlainSealer : ISecretSealer
{
    public ImmutableArray<byte> Seal(ReadOnlySpan<byte> secret, string context) => [.. Encoding.UTF8.GetBytes(context), 0, .. secret];

    public byte[] Open(ImmutableArray<byte> sealedSecret, string context)
    {
        var prefix = Encoding.UTF8.GetBytes(context);
        if (!sealedSecret.AsSpan().StartsWith(prefix)) throw new CryptographicException("Sealed for another context.");
        return sealedSecret.AsSpan()[(prefix.Length + 1)..].ToArray();
    }
}
