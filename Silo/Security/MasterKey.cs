using System.Security.Cryptography;
using System.Text;

namespace OrleansPayments.Silo.Security;

/// <summary>
/// The secret that wraps every other key, 32 bytes. It never encrypts anything itself: a key that is derived from it does. See <see cref="KeyRing"/> for the keys
/// that were derived from it before there was a ring.
/// </summary>
public sealed class MasterKey
{
    /// <summary>In bytes.</summary>
    public const int Length = 32;

    private const int IdLength = 8;

    private readonly byte[] _key;
    private readonly byte[] _wrapping;

    /// <param name="key">32 bytes.</param>
    public MasterKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != Length) throw new ArgumentException($"A master key has {Length} bytes.", nameof(key));
        _key = key.ToArray();
        _wrapping = Derive("key-wrapping");
        Id = Convert.ToHexStringLower(Derive("master-key-id").AsSpan(0, IdLength));
    }

    /// <summary>Tells keys apart and nothing about them: 16 lower-case hexadecimal digits of a hash.</summary>
    public string Id { get; }

    public static MasterKey Generate() => new(RandomNumberGenerator.GetBytes(Length));

    /// <param name="configured">Base 64 of 32 bytes, as in <c>Encryption:MasterKey</c>.</param>
    /// <exception cref="SecurityFileException">It is not.</exception>
    public static MasterKey FromBase64(string configured)
    {
        ArgumentNullException.ThrowIfNull(configured);
        Span<byte> key = stackalloc byte[Length];
        if (configured.Length > 64 || !Convert.TryFromBase64String(configured, key, out var written) || written != Length)
        {
            throw new SecurityFileException($"The master key must be base 64 of {Length} bytes; make one with: openssl rand -base64 {Length}");
        }

        var master = new MasterKey(key);
        CryptographicOperations.ZeroMemory(key);
        return master;
    }

    /// <summary>A key for one purpose; keys of different purposes tell nothing of each other (HKDF-SHA256, RFC 5869).</summary>
    /// <returns>32 bytes, the same at each call.</returns>
    public byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, Length, salt: [], info: Encoding.UTF8.GetBytes("orleanspayments/" + purpose));

    /// <summary>Encrypts a key (<see cref="AesGcmEnvelope"/>); this master key's id and the context are authenticated with it.</summary>
    /// <param name="context">What the key is for; unwrapping under another context fails.</param>
    public byte[] Wrap(ReadOnlySpan<byte> key, string context) => AesGcmEnvelope.Seal(_wrapping, key, Bound(context));

    /// <exception cref="CryptographicException">Altered, wrapped for another context or by another master key.</exception>
    public byte[] Unwrap(ReadOnlySpan<byte> wrapped, string context) => AesGcmEnvelope.Open(_wrapping, wrapped, Bound(context));

    public override string ToString() => "master key";

    internal string ToBase64() => Convert.ToBase64String(_key);

    private string Bound(string context) => $"{Id}/{context}";
}
