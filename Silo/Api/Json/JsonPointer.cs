using System.Globalization;

namespace OrleansPayments.Silo.Api.Json;

/// <summary>JSON pointers (RFC 6901).</summary>
internal static class JsonPointer
{
    /// <summary>A member whose name is longer is reported at its object, so that an answer does not repeat a whole body.</summary>
    private const int MaxNameLength = 128;

    /// <summary>The fewest digits that a card number has.</summary>
    private const int CardNumberLength = 12;

    /// <summary>The pointer to a member; to its object where the name is too long or could be a card number, which no answer repeats.</summary>
    public static string Member(string parent, string name)
    {
        if (name.Length > MaxNameLength || HasDigitsOfCard(name)) return parent;
        var escaped = name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
        return parent + "/" + escaped;
    }

    private static bool HasDigitsOfCard(string name)
    {
        var digits = 0;
        foreach (var character in name)
        {
            digits = char.IsAsciiDigit(character) ? digits + 1 : 0;
            if (digits == CardNumberLength) return true;
        }

        return false;
    }

    public static string Element(string parent, int index) => parent + "/" + index.ToString(CultureInfo.InvariantCulture);
}
