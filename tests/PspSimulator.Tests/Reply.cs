using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace OrleansPayments.PspSimulator.Tests;

/// <summary>An answer, read to its end.</summary>
public sealed record Reply(HttpStatusCode Status, HttpResponseHeaders Headers, string Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public JsonElement Error => Json.GetProperty("error");

    public string? Text(string name) => Json.GetProperty(name).GetString();

    public long Number(string name) => Json.GetProperty(name).GetInt64();

    public JsonElement Charge => Json.GetProperty("latest_charge");

    public string? ErrorText(string name) => Error.TryGetProperty(name, out var value) ? value.GetString() : null;

    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;
}
