using System.Security.Cryptography;
using System.Text;

namespace OrleansPayments.Silo.Security;

/// <summary>The installation's one secret, 32 bytes, from which every other key is derived; it never encrypts anything itself.</summary>
public sealed class MasterKey
{
    /// <summary>In bytes.</summary>
    public const int Length = 32;

    private readonly byte[] _key;

    /// <param name="key">32 bytes.</param>
    public MasterKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != Length) throw new ArgumentException($"A master key has {Length} bytes.", nameof(key));
        _key = key.ToArray();
    }

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

    /// <summary>Reads the key file, or makes one with mode 0600.</summary>
    /// <exception cref="SecurityFileException">The file is readable by others or holds no key.</exception>
    public static MasterKey LoadOrCreate(string path) =>
        FromBase64(KeyFile.ReadOrCreate(path, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(Length))).Text);

    /// <summary>The configured key where there is one, else the key file.</summary>
    /// <param name="configured">The value of <c>Encryption:MasterKey</c>; null or empty for none.</param>
    public static MasterKey LoadOrCreate(string? configured, string path) =>
        string.IsNullOrWhiteSpace(configured) ? LoadOrCreate(path) : FromBase64(configured.Trim());

    /// <summary>A key for one purpose; keys of different purposes tell nothing of each other (HKDF-SHA256, RFC 5869).</summary>
    /// <returns>32 bytes, the same at each call.</returns>
    public byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, Length, salt: [], info: Encoding.UTF8.GetBytes("orleanspayments/" + purpose));

    public override string ToString() => "master key";
}
