using System.Globalization;
using System.Text.Json;
using OrleansPayments.PspSimulator.Http;

namespace OrleansPayments.PspSimulator.Control;

/// <summary>What the control endpoints have in common: reading a body, refusing one, listing.</summary>
internal static class ControlAnswer
{
    private const int FlushBytes = 64 * 1024;

    /// <summary>The body, or null after the call was refused.</summary>
    public static async Task<ControlBody?> ReadAsync(HttpContext http)
    {
        var body = await ControlBody.ReadAsync(http.Request);
        if (body is null) Refuse(http, new ControlProblem(Field: null, "The body must be one JSON object, each field once."));
        return body;
    }

    /// <summary>True, after refusing the call, if anything is wrong with the fields asked for or if there are others.</summary>
    public static bool Refuses(HttpContext http, ControlBody body)
    {
        body.RefuseOthers();
        if (body.Problem is not { } problem) return false;
        Refuse(http, problem);
        return true;
    }

    public static void Refuse(HttpContext http, ControlProblem problem) =>
        JsonAnswer.Write(http.Response, StatusCodes.Status400BadRequest, problem, ControlJson.Write);

    /// <summary>How many things a call changed.</summary>
    public static void Count(HttpContext http, int count) => JsonAnswer.Write(http.Response, StatusCodes.Status200OK, count, ControlJson.Write);

    /// <summary>All that is kept, or with <c>?limit=n</c> the newest n; oldest first. Written in pieces: it may be tens of megabytes.</summary>
    public static async Task ListAsync<T>(HttpContext http, Func<int, T[]> newest, Action<Utf8JsonWriter, T> write)
    {
        var limit = int.MaxValue;
        foreach (var (name, value) in http.Request.Query)
        {
            if (name == "limit" && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit > 0) continue;
            Refuse(http, new ControlProblem(name, name == "limit" ? "limit must be a whole number of 1 or more." : $"{name} is not a parameter here; the only one is limit."));
            return;
        }

        http.Response.ContentType = "application/json";
        var body = http.Response.BodyWriter;
        await using var json = new Utf8JsonWriter(body, JsonAnswer.WriterOptions);
        json.WriteStartObject();
        json.WriteStartArray("data"u8);
        foreach (var item in newest(limit))
        {
            write(json, item);
            if (json.BytesPending < FlushBytes) continue;
            json.Flush();
            await body.FlushAsync(http.RequestAborted);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
