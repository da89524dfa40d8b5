using System.Text.Json;

namespace OrleansPayments.Grains.Connectors.Stripe;

/// <summary>Reads the members of Stripe's objects: one that is absent, null or of another type is not there.</summary>
internal static class StripeJson
{
    private const int MaxIdLength = 255;

    public static bool TryParse(ReadOnlyMemory<byte> body, out JsonDocument document)
    {
        try
        {
            document = JsonDocument.Parse(body);
            return true;
        }
        catch (JsonException)
        {
            document = null!;
            return false;
        }
    }

    public static JsonElement? Child(JsonElement element, string name) => Member(element, name, JsonValueKind.Object);

    public static JsonElement? List(JsonElement element, string name) => Member(element, name, JsonValueKind.Array);

    public static string? Text(JsonElement element, string name)
    {
        try
        {
            return Member(element, name, JsonValueKind.String)?.GetString();
        }
        catch (InvalidOperationException)
        {
            // Well-formed JSON around bytes or escapes that are no text.
            return null;
        }
    }

    /// <summary>A text that may be stored and logged as a name: 1 to 255 printable ASCII characters without spaces.</summary>
    public static string? Name(JsonElement element, string name) =>
        Text(element, name) is { Length: > 0 and <= MaxIdLength } text && text.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0 ? text : null;

    public static long? Number(JsonElement element, string name) =>
        Member(element, name, JsonValueKind.Number) is { } member && member.TryGetInt64(out var number) ? number : null;

    public static bool? Flag(JsonElement element, string name) =>
        (Member(element, name, JsonValueKind.True) ?? Member(element, name, JsonValueKind.False))?.GetBoolean();

    private static JsonElement? Member(JsonElement element, string name, JsonValueKind kind)
    {
        try
        {
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) && member.ValueKind == kind ? member : null;
        }
        catch (InvalidOperationException)
        {
            // Another member's name is no text, and was compared.
            return null;
        }
    }
}
