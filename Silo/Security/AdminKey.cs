using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OrleansPayments.Silo.Security;

/// <summary>The first administrator's API key. Only its hash is kept in memory, except that a key just made can be shown once.</summary>
public sealed class AdminKey
{
    public const string Prefix = "ak_";

    /// <summary>In characters.</summary>
    public const int MaxLength = 255;

    private readonly byte[] _hash;

    private AdminKey(string text, string? shownOnce)
    {
        _hash = HashOf(text);
        ShownOnce = shownOnce;
    }

    /// <summary>The key's text when this start made it, for the host to print once; null otherwise.</summary>
    public string? ShownOnce { get; }

    /// <exception cref="SecurityFileException">The text is not <c>ak_</c> and at least one more printable ASCII character, 255 in all at most.</exception>
    public static AdminKey FromText(string text) => Create(text, shown: false);

    /// <summary>The configured key where there is one, else the one in the file; a missing file is made with mode 0600.</summary>
    /// <param name="configured">The value of <c>Api:AdminKey</c>; null or empty for none.</param>
    /// <param name="path">The file in the data folder: <c>admin.key</c>.</param>
    /// <exception cref="SecurityFileException">The key is malformed, or the file is readable by others.</exception>
    public static AdminKey LoadOrCreate(string? configured, string path)
    {
        if (!string.IsNullOrWhiteSpace(configured)) return FromText(configured.Trim());

        var (text, created) = KeyFile.ReadOrCreate(path, () => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));
        return Create(text, created);
    }

    /// <summary>Whether this is the key; takes the same time wherever the texts differ.</summary>
    public bool Matches(string presented) => CryptographicOperations.FixedTimeEquals(_hash, HashOf(presented));

    public override string ToString() => "administrator key";

    private static AdminKey Create(string text, bool shown)
    {
        ArgumentNullException.ThrowIfNull(text);
        var wellFormed = text.Length > Prefix.Length && text.Length <= MaxLength
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && !text.AsSpan().ContainsAnyExceptInRange('!', '~');
        if (!wellFormed) throw new SecurityFileException($"The administrator key must begin with {Prefix} and be printable ASCII of at most {MaxLength} characters.");
        return new AdminKey(text, shown ? text : null);
    }

    private static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
