using System.Globalization;

namespace OrleansPayments.Silo.Api.Json;

/// <summary>JSON pointers (RFC 6901).</summary>
internal static class JsonPointer
{
    /// <summary>A member whose name is longer is reported at its object, so that an answer does not repeat a whole body.</summary>
    private const int MaxNameLength = 128;

    public static string Member(string parent, string name)
    {
        if (name.Length > MaxNameLength) return parent;
        var escaped = name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
        return parent + "/" + escaped;
    }

    public static string Element(string parent, int index) => parent + "/" + index.ToString(CultureInfo.InvariantCulture);
}
