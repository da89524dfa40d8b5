using System.Diagnostics.CodeAnalysis;

namespace OrleansPayments.Connectors;

/// <summary>A connector's name and identity: 1 to 64 lower-case letters, digits, <c>-</c> or <c>_</c>, beginning with a letter or a digit.</summary>
[GenerateSerializer, Immutable, Alias("connector_name")]
public readonly record struct ConnectorName
{
    public const int MaxLength = 64;

    [Id(0)]
    private readonly string? _value;

    private ConnectorName(string value) => _value = value;

    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    public string Value => _value ?? throw new InvalidOperationException("The default ConnectorName is no name.");

    public static bool TryParse([NotNullWhen(true)] string? text, out ConnectorName name)
    {
        var valid = IsValid(text);
        name = valid ? new ConnectorName(text!) : default;
        return valid;
    }

    /// <exception cref="FormatException">The text is not a connector's name.</exception>
    public static ConnectorName Parse(string text) => TryParse(text, out var name) ? name : throw new FormatException("Not a connector name.");

    public override string ToString() => _value ?? "";

    private static bool IsValid(string? text)
    {
        if (string.IsNullOrEmpty(text)) return false;
        if (text.Length > MaxLength) return false;
        if (!char.IsAsciiLetterLower(text[0]) && !char.IsAsciiDigit(text[0])) return false;
        return text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');
    }
}
