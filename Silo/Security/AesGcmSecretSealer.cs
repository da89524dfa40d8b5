using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using OrleansPayments.Grains.Shared.Security;

namespace OrleansPayments.Silo.Security;

/// <summary>
/// Seals secrets with AES-256-GCM. The stored form is: version (1 byte, 1), key id (8), nonce (12), tag (16), ciphertext. Version, key id and context are
/// authenticated with it. Nonces are random: good for 2^32 secrets under one key (NIST SP 800-38D, 8.3), far more than an installation has connectors.
/// </summary>
public sealed class AesGcmSecretSealer : ISecretSealer
{
    private const byte Version = 1;
    private const int KeyIdLength = 8;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeaderLength = 1 + KeyIdLength;
    private const int Overhead = HeaderLength + NonceLength + TagLength;

    private readonly byte[] _key;
    private readonly byte[] _keyId;

    public AesGcmSecretSealer(KeyRing ring)
    {
        ArgumentNullException.ThrowIfNull(ring);
        _key = ring.KeyOf(KeyPurpose.SecretSealing);
        _keyId = ring.KeyOf(KeyPurpose.SecretSealingKeyId)[..KeyIdLength];
    }

    public ImmutableArray<byte> Seal(ReadOnlySpan<byte> secret, string context)
    {
        var result = new byte[Overhead + secret.Length];
        var parts = new Parts(result);
        result[0] = Version;
        _keyId.CopyTo(result, 1);
        RandomNumberGenerator.Fill(parts.Nonce);
        using var aes = new AesGcm(_key, TagLength);
        aes.Encrypt(parts.Nonce, secret, parts.Ciphertext, parts.Tag, AssociatedData(parts.Header, context));
        return ImmutableCollectionsMarshal.AsImmutableArray(result);
    }

    public byte[] Open(ImmutableArray<byte> sealedSecret, string context)
    {
        var sealedBytes = ImmutableCollectionsMarshal.AsArray(sealedSecret);
        if (sealedBytes is null || sealedBytes.Length < Overhead) throw new CryptographicException("The sealed secret is too short.");
        if (sealedBytes[0] != Version) throw new CryptographicException($"The sealed secret has the unknown version {sealedBytes[0]}.");

        var parts = new Parts(sealedBytes);
        if (!parts.Header[1..].SequenceEqual(_keyId)) throw new CryptographicException("The secret was sealed by another installation.");

        var secret = new byte[sealedBytes.Length - Overhead];
        using var aes = new AesGcm(_key, TagLength);
        aes.Decrypt(parts.Nonce, parts.Ciphertext, parts.Tag, secret, AssociatedData(parts.Header, context));
        return secret;
    }

    private static byte[] AssociatedData(ReadOnlySpan<byte> header, string context) => [.. header, .. Encoding.UTF8.GetBytes(context)];

    private readonly ref struct Parts(Span<byte> all)
    {
        public Span<byte> Header { get; } = all[..HeaderLength];

        public Span<byte> Nonce { get; } = all.Slice(HeaderLength, NonceLength);

        public Span<byte> Tag { get; } = all.Slice(HeaderLength + NonceLength, TagLength);

        public Span<byte> Ciphertext { get; } = all[Overhead..];
    }
}
