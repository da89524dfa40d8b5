using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using OrleansPayments.Silo.Api.Json;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Http;

/// <summary>Reads a JSON body strictly. The bytes are wiped as soon as they are parsed: they may hold a card number.</summary>
internal static class RequestBody
{
    /// <summary>In bytes.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>Levels of nested objects and arrays.</summary>
    public const int MaxDepth = 8;

    private static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = MaxDepth };

    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };

    private static readonly ReadOnlyMemory<byte> EmptyObject = "{}"u8.ToArray();

    /// <param name="read">Turns the parsed body into a request, reporting what is wrong; its result is dropped when anything was.</param>
    public static Task<Validated<T>> ReadAsync<T>(HttpContext http, Func<JsonElement, Faults, T> read)
        where T : class => ReadAsync(http, read, whenEmpty: default);

    /// <summary>As <see cref="ReadAsync{T}(HttpContext, Func{JsonElement, Faults, T})"/>; no body says the same as an empty object and needs no type.</summary>
    public static async Task<Validated<T>> ReadOptionalAsync<T>(HttpContext http, Func<JsonElement, Faults, T> read)
        where T : class => MayHaveBody(http) ? await ReadAsync(http, read, EmptyObject) : Parse(EmptyObject, read);

    private static async Task<Validated<T>> ReadAsync<T>(HttpContext http, Func<JsonElement, Faults, T> read, ReadOnlyMemory<byte> whenEmpty)
        where T : class
    {
        if (CheckHeaders(http.Request) is { } problem) return problem;

        using var bytes = await BodyBytes.ReadAsync(http.Request, MaxLength, http.RequestAborted);
        if (bytes is null) return TooLarge;
        return Parse(bytes.Memory.Length == 0 ? whenEmpty : bytes.Memory, read);
    }

    /// <summary>Parses a body that is in memory.</summary>
    public static Validated<T> Parse<T>(ReadOnlyMemory<byte> body, Func<JsonElement, Faults, T> read)
        where T : class
    {
        if (body.Length == 0) return ProblemCatalogue.InvalidJson.With("The body is empty.");
        if (!Utf8.IsValid(body.Span)) return ProblemCatalogue.InvalidJson.With("The body is not valid UTF-8.");
        if (body.Span.StartsWith("\uFEFF"u8)) return ProblemCatalogue.InvalidJson.With("The body begins with a byte order mark.");

        try
        {
            using var document = JsonDocument.Parse(body, DocumentOptions);
            var faults = new Faults();
            var request = read(document.RootElement, faults);
            return faults.First is { } fault ? fault : request;
        }
        catch (JsonException e)
        {
            // The message of the exception may repeat a part of the body.
            var pointer = JsonFaultLocator.Locate(body.Span, ReaderOptions);
            var place = $"The body is not valid JSON, or nested more than {MaxDepth} deep, at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.";
            return ProblemCatalogue.InvalidJson.With(place, pointer.Length > 0 ? pointer : null);
        }
    }

    private static bool MayHaveBody(HttpContext http) => http.Features.GetRequiredFeature<IHttpRequestBodyDetectionFeature>().CanHaveBody;

    private static Problem TooLarge => ProblemCatalogue.PayloadTooLarge.With($"The body has more than {MaxLength} bytes.");

    private static Problem? CheckHeaders(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0) return ProblemCatalogue.UnsupportedMediaType.With("Content-Encoding is not supported.");
        if (!IsJson(request.ContentType)) return ProblemCatalogue.UnsupportedMediaType.With("The Content-Type must be application/json in UTF-8.");
        return null;
    }

    private static bool IsJson(string? contentType)
    {
        if (contentType == JsonAnswer.MediaType) return true;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var parsed)) return false;
        if (!parsed.MediaType.Equals(JsonAnswer.MediaType, StringComparison.OrdinalIgnoreCase)) return false;
        var charset = HeaderUtilities.RemoveQuotes(parsed.Charset);
        return !charset.HasValue || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase);
    }
}
