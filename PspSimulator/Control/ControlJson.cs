using System.Globalization;
using System.Text.Json;
using OrleansPayments.PspSimulator.World;
using OrleansPayments.PspSimulator.World.Callbacks;

namespace OrleansPayments.PspSimulator.Control;

/// <summary>Writes the control endpoints' JSON.</summary>
internal static class ControlJson
{
    public static void Write(Utf8JsonWriter json, Charge charge)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, charge.Id);
        json.WriteString("provider"u8, charge.Provider);
        json.WriteString("reference"u8, charge.Reference);
        json.WriteString("payment_id"u8, charge.PaymentId);
        json.WriteNumber("amount"u8, charge.Amount);
        json.WriteNumber("amount_captured"u8, charge.AmountCaptured);
        json.WriteNumber("amount_refunded"u8, charge.AmountRefunded);
        json.WriteString("currency"u8, charge.Currency);
        json.WriteString("status"u8, ControlNames.Of(charge.Status));
        WriteTime(json, "created_at"u8, charge.CreatedAt);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, RequestEntry entry)
    {
        json.WriteStartObject();
        WriteTime(json, "at"u8, entry.At);
        json.WriteString("method"u8, entry.Method);
        json.WriteString("path"u8, entry.Path);
        json.WriteString("idempotency_key"u8, entry.IdempotencyKey);
        json.WriteNumber("status"u8, entry.Status);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, Fault fault)
    {
        json.WriteStartObject();
        json.WriteString("operation"u8, fault.Operation is { } operation ? ControlNames.Of(operation) : ControlNames.AnyOperation);
        json.WriteString("kind"u8, ControlNames.Of(fault.Kind));
        json.WriteNumber("times"u8, fault.Times);
        json.WriteNumber("delay_ms"u8, (long)fault.Delay.TotalMilliseconds);
        if (fault.Code is { } code) json.WriteString("code"u8, code);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, (double MedianMs, double P99Ms) latency)
    {
        json.WriteStartObject();
        json.WriteNumber("median_ms"u8, latency.MedianMs);
        json.WriteNumber("p99_ms"u8, latency.P99Ms);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, CallbackEndpoint endpoint)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, endpoint.Id);
        json.WriteString("url"u8, endpoint.Url.OriginalString);
        json.WriteStartArray("types"u8);
        foreach (var type in endpoint.Types) json.WriteStringValue(type);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, CallbackRule rule)
    {
        json.WriteStartObject();
        json.WriteString("mode"u8, ControlNames.Of(rule.Mode));
        json.WriteString("type"u8, rule.Type);
        if (rule.Times is { } times) json.WriteNumber("times"u8, times);
        else json.WriteNull("times"u8);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, CallbackView delivery)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, delivery.Id);
        json.WriteString("event"u8, delivery.Event);
        json.WriteString("type"u8, delivery.Type);
        json.WriteString("subject"u8, delivery.Subject);
        json.WriteString("url"u8, delivery.Url.OriginalString);
        json.WriteString("mode"u8, ControlNames.Of(delivery.Mode));
        json.WriteString("state"u8, ControlNames.Of(delivery.State));
        json.WriteNumber("attempts"u8, delivery.Attempts);
        json.WriteNumber("last_status"u8, delivery.LastStatus);
        WriteTime(json, "created_at"u8, delivery.CreatedAt);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, int count)
    {
        json.WriteStartObject();
        json.WriteNumber("count"u8, count);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, ControlProblem problem)
    {
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, problem.Message);
        json.WriteString("param"u8, problem.Field);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset time)
    {
        Span<char> text = stackalloc char[32];
        time.UtcDateTime.TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        json.WriteString(name, text[..length]);
    }
}
