using System.Globalization;
using System.Net;
using System.Text.Json;

namespace OrleansPayments.Grains.Connectors.Stripe;

/// <summary>What of a call may be stored and shown. A list of what goes in, because nobody knows what Stripe will put into an answer next.</summary>
internal static class StripeTrace
{
    private const string Error = "error";

    public static List<KeyValuePair<string, string>> Of(HttpMethod method, string path, string? idempotencyKey, StripeForm? form)
    {
        List<KeyValuePair<string, string>> notes = [new("method", method.Method), new("path", path)];
        if (idempotencyKey is not null) notes.Add(new("idempotency_key", idempotencyKey));
        if (form is not null) notes.AddRange(form.Notes);
        return notes;
    }

    public static List<KeyValuePair<string, string>> Of(HttpStatusCode status, byte[] body)
    {
        List<KeyValuePair<string, string>> notes = [new("http_status", ((int)status).ToString(CultureInfo.InvariantCulture))];
        try
        {
            var reader = new Utf8JsonReader(body);
            if (reader.Read() && reader.TokenType == JsonTokenType.StartObject) ReadMembers(ref reader, prefix: "", notes);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // What could be read of it is noted.
            notes.Add(new("malformed", "true"));
        }

        return notes;
    }

    // At the beginning of an object; leaves the reader at its end. The adapter's own reading of the answer is elsewhere: this one skips all that it does not show.
    private static void ReadMembers(ref Utf8JsonReader reader, string prefix, List<KeyValuePair<string, string>> notes)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Shown(ref reader, inError: prefix.Length > 0);
            reader.Read();
            if (name == Error && reader.TokenType == JsonTokenType.StartObject) ReadMembers(ref reader, "error_", notes);
            else if (name is null or Error) reader.Skip();
            else if (reader.TokenType == JsonTokenType.String) Add(notes, prefix + name, reader.GetString()!);
            else if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number)) Add(notes, prefix + name, number.ToString(CultureInfo.InvariantCulture));
            else reader.Skip();
        }
    }

    // A member that comes twice is noted once.
    private static void Add(List<KeyValuePair<string, string>> notes, string name, string value)
    {
        if (!notes.Exists(note => note.Key == name)) notes.Add(new(name, value));
    }

    private static string? Shown(ref Utf8JsonReader reader, bool inError)
    {
        if (inError)
        {
            if (reader.ValueTextEquals("type"u8)) return "type";
            if (reader.ValueTextEquals("code"u8)) return "code";
            return reader.ValueTextEquals("decline_code"u8) ? "decline_code" : null;
        }

        if (reader.ValueTextEquals("id"u8)) return "id";
        if (reader.ValueTextEquals("status"u8)) return "status";
        if (reader.ValueTextEquals("amount_received"u8)) return "amount_received";
        if (reader.ValueTextEquals("amount_capturable"u8)) return "amount_capturable";
        return reader.ValueTextEquals("error"u8) ? Error : null;
    }
}
