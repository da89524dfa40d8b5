namespace OrleansPayments.Silo.Security;

/// <summary>Where this silo has its master keys from, and which ones it has now.</summary>
public sealed class MasterKeys
{
    private readonly MasterKey? _configured;
    private readonly MasterKey? _configuredPrevious;
    private volatile MasterKeySet? _set;

    /// <param name="configured">The value of <c>Encryption:MasterKey</c>; null or empty takes the key from the file.</param>
    /// <param name="configuredPrevious">The value of <c>Encryption:PreviousMasterKey</c>; null or empty for none.</param>
    /// <param name="path">Of the key file; it is not looked at before <see cref="Read"/>.</param>
    /// <exception cref="SecurityFileException">A configured key is malformed.</exception>
    public MasterKeys(string? configured, string? configuredPrevious, string path)
    {
        _configured = FromConfiguration(configured);
        _configuredPrevious = FromConfiguration(configuredPrevious);
        File = new MasterKeyFile(path);
    }

    /// <summary>The key comes from the configuration, and the file is not used.</summary>
    public bool IsConfigured => _configured is not null;

    public MasterKeyFile File { get; }

    /// <summary>The keys in use; another set after a rotation.</summary>
    /// <exception cref="InvalidOperationException">They are not loaded yet.</exception>
    public MasterKeySet Set => _set ?? throw new InvalidOperationException("The master key is not loaded.");

    /// <summary>The keys as they are configured or in the file now.</summary>
    /// <param name="mayCreate">Whether a missing file is made, with a new key.</param>
    /// <returns>Null when there is no file.</returns>
    /// <exception cref="SecurityFileException">The file is readable by others or holds no key.</exception>
    public MasterKeySet? Read(bool mayCreate = false)
    {
        IEnumerable<MasterKey> configuredPrevious = _configuredPrevious is { } one ? [one] : [];
        if (_configured is not null) return new MasterKeySet(_configured, configuredPrevious);
        if (!mayCreate && !File.Exists) return null;
        var keys = mayCreate ? File.ReadOrCreate() : File.Read();
        return new MasterKeySet(keys[0], [.. keys[1..], .. configuredPrevious]);
    }

    public void Use(MasterKeySet set) => _set = set;

    public override string ToString() => "master keys";

    private static MasterKey? FromConfiguration(string? text) => string.IsNullOrWhiteSpace(text) ? null : MasterKey.FromBase64(text.Trim());
}
