using System.ComponentModel;

namespace Orleans.CodeGeneration;

/// <summary>A method of a grain interface. One object per method, made by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class GrainMethod(string interfaceName, string name, GrainCallOptions options, string? timeout)
{
    public string InterfaceName { get; } = interfaceName;

    public string Name { get; } = name;

    internal bool AlwaysInterleave { get; } = options.HasFlag(GrainCallOptions.AlwaysInterleave);

    internal bool ReadOnly { get; } = options.HasFlag(GrainCallOptions.ReadOnly);

    internal bool OneWay { get; } = options.HasFlag(GrainCallOptions.OneWay);

    /// <summary>From <see cref="ResponseTimeoutAttribute"/>; null takes the engine's default.</summary>
    internal TimeSpan? Timeout { get; } =
        timeout is null ? null : TimeSpan.Parse(timeout, System.Globalization.CultureInfo.InvariantCulture);

    public override string ToString() => $"{InterfaceName}.{Name}";
}
