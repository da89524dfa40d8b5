using System.Collections.Immutable;
using System.Security.Cryptography;

namespace OrleansPayments.Silo.Security;

/// <summary>
/// The file <c>master.key</c>: one key in base 64, or, while it is rotated, the new one and in the next line the old one. Changed by those only who hold the
/// lock of the key ring.
/// </summary>
public sealed class MasterKeyFile(string path)
{
    private const int MaxKeys = 2;

    public string Path { get; } = path;

    public bool Exists => File.Exists(Path);

    /// <returns>The newest first; at least one.</returns>
    /// <exception cref="SecurityFileException">The file is readable by others or holds no key.</exception>
    public ImmutableArray<MasterKey> Read() => Parse(KeyFile.Read(Path));

    /// <summary>Reads the file, or makes one with a new key and mode 0600.</summary>
    /// <exception cref="SecurityFileException">The file is readable by others or holds no key.</exception>
    public ImmutableArray<MasterKey> ReadOrCreate() => Parse(KeyFile.ReadOrCreate(Path, () => MasterKey.Generate().ToBase64()).Text);

    /// <summary>Durable when it returns; a crash leaves what was there before or what is there now. Nothing of an earlier content stays in another file.</summary>
    /// <param name="keys">The newest first.</param>
    /// <exception cref="SecurityFileException">The file does not hold them now.</exception>
    public void Write(params ImmutableArray<MasterKey> keys)
    {
        RemoveLeftovers();
        KeyFile.Replace(Path, string.Join('\n', keys.Select(key => key.ToBase64())));
        if (!Read().Select(key => key.Id).SequenceEqual(keys.Select(key => key.Id))) throw new SecurityFileException($"{Path} was changed by somebody else.");
    }

    /// <summary>A crash may have left what was to become the file.</summary>
    public void RemoveLeftovers() => KeyFile.RemoveLeftovers(Path);

    private ImmutableArray<MasterKey> Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length > MaxKeys) throw new SecurityFileException($"{Path} should hold one master key, or two while it is rotated, and holds more.");
        try
        {
            return [.. lines.Select(MasterKey.FromBase64)];
        }
        catch (SecurityFileException e)
        {
            throw new SecurityFileException($"{Path} holds no master key. {e.Message}", e);
        }
    }
}
