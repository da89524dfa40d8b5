using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace OrleansPayments.Silo.Security;

/// <summary>
/// The text of a merchant's API key: <c>sk_</c>, the 26 characters of the key's id, 43 characters of secret. The secret is an HMAC of the id, so that the
/// repetition of a request that issued a key can show the same key again although only its hash is stored.
/// </summary>
public sealed class ApiKeySecret
{
    public const string Prefix = "sk_";

    private const int IdBodyLength = 26;
    private const int SecretLength = 43;

    private readonly byte[] _derivation;

    public ApiKeySecret(KeyRing ring)
    {
        ArgumentNullException.ThrowIfNull(ring);
        _derivation = ring.KeyOf(KeyPurpose.ApiKeySecret);
    }

    /// <summary>The whole key of this id, to be shown and never stored.</summary>
    public string TextOf(ApiKeyId id)
    {
        Span<byte> secret = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_derivation, Encoding.ASCII.GetBytes(id.Value), secret);
        return string.Concat(Prefix, id.Value.AsSpan(ApiKeyId.Prefix.Length), Base64Url.EncodeToString(secret));
    }

    /// <summary>What is stored of a key: SHA-256 of the whole text, lower-case hexadecimal.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The id that a presented text names; says nothing about whether the secret is right.</summary>
    public static bool TryParseId([NotNullWhen(true)] string? text, out ApiKeyId id)
    {
        id = default;
        if (text is null || text.Length != Prefix.Length + IdBodyLength + SecretLength) return false;
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        return ApiKeyId.TryParse(string.Concat(ApiKeyId.Prefix, text.AsSpan(Prefix.Length, IdBodyLength)), out id);
    }
}
