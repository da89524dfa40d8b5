using System.Security.Cryptography;
using System.Text;

namespace OrleansPayments.Silo.Security;

/// <summary>
/// AES-256-GCM as it is stored: version (1 byte, 1), nonce (12), tag (16), ciphertext. Version and context are authenticated with it. Nonces are random: good
/// for 2^32 messages under one key (NIST SP 800-38D, 8.3).
/// </summary>
internal static class AesGcmEnvelope
{
    /// <summary>Of a key, in bytes.</summary>
    public const int KeyLength = 32;

    /// <summary>What the form adds to the plaintext, in bytes.</summary>
    public const int Overhead = 1 + NonceLength + TagLength;

    private const byte Version = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <param name="context">What the plaintext belongs to; opening under another context fails.</param>
    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plaintext, string context)
    {
        var result = new byte[Overhead + plaintext.Length];
        result[0] = Version;
        RandomNumberGenerator.Fill(result.AsSpan(1, NonceLength));
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(
            result.AsSpan(1, NonceLength), plaintext, result.AsSpan(Overhead), result.AsSpan(1 + NonceLength, TagLength), AssociatedData(context));
        return result;
    }

    /// <exception cref="CryptographicException">Altered, sealed for another context or under another key.</exception>
    public static byte[] Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> sealedBytes, string context)
    {
        if (sealedBytes.Length < Overhead) throw new CryptographicException("What is to be opened is too short.");
        if (sealedBytes[0] != Version) throw new CryptographicException($"What is to be opened has the unknown version {sealedBytes[0]}.");

        var plaintext = new byte[sealedBytes.Length - Overhead];
        using var aes = new AesGcm(key, TagLength);
        aes.Decrypt(
            sealedBytes.Slice(1, NonceLength), sealedBytes[Overhead..], sealedBytes.Slice(1 + NonceLength, TagLength), plaintext, AssociatedData(context));
        return plaintext;
    }

    private static byte[] AssociatedData(string context) => [Version, .. Encoding.UTF8.GetBytes(context)];
}
