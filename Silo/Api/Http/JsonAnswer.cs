using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OrleansPayments.Silo.Api.Http;

/// <summary>Answers with an object.</summary>
internal sealed class JsonAnswer<T>(int status, T value, JsonTypeInfo<T> json, bool replayed = false) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (replayed) httpContext.Response.Headers[JsonAnswer.ReplayedHeader] = "true";
        return JsonAnswer.WriteAsync(httpContext, status, JsonAnswer.MediaType, value, json);
    }
}

internal static class JsonAnswer
{
    public const string MediaType = "application/json";

    /// <summary>Says that the answer is that of an earlier request with the same idempotency key.</summary>
    public const string ReplayedHeader = "Idempotent-Replayed";

    public static JsonAnswer<T> Ok<T>(T value, JsonTypeInfo<T> json, bool replayed = false) => new(StatusCodes.Status200OK, value, json, replayed);

    public static JsonAnswer<T> Created<T>(T value, JsonTypeInfo<T> json, bool replayed) => new(StatusCodes.Status201Created, value, json, replayed);

    // Serialised whole, so that the answer has a length and a fault while serialising can still become a 500.
    public static async Task WriteAsync<T>(HttpContext http, int status, string mediaType, T value, JsonTypeInfo<T> json)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, json);
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = mediaType;
        response.ContentLength = bytes.Length;
        response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsHead(http.Request.Method)) await response.Body.WriteAsync(bytes);
    }
}
