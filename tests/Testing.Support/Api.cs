using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace OrleansPayments.Testing.Support;

/// <summary>The REST API as a caller sees it: any status is an answer, not an exception.</summary>
public sealed class Api : IDisposable
{
    private static readonly string[] OutsideOfApi = ["/health", "/ready", "/openapi"];

    private readonly HttpClient _http;

    public Api(Uri address, string? key, TimeSpan? timeout = null)
    {
        Address = address;
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), MaxConnectionsPerServer = 1_000 })
        {
            BaseAddress = address,
            Timeout = timeout ?? TimeSpan.FromSeconds(40),
        };
        if (key is not null) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public Uri Address { get; }

    /// <summary>The same silo with another key.</summary>
    public Api As(string? key) => new(Address, key);

    public Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null, null);

    public Task<ApiAnswer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null, null);

    public Task<ApiAnswer> PostAsync(string path, JsonNode body, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, path, body.ToJsonString(), idempotencyKey, cancellationToken);

    public Task<ApiAnswer> PutAsync(string path, JsonNode body) => SendAsync(HttpMethod.Put, path, body.ToJsonString(), null);

    public Task<ApiAnswer> PatchAsync(string path, JsonNode body) => SendAsync(HttpMethod.Patch, path, body.ToJsonString(), null);

    /// <summary>Posts a body as it is written, right or wrong.</summary>
    public Task<ApiAnswer> PostTextAsync(string path, string body, string? idempotencyKey = null) => SendAsync(HttpMethod.Post, path, body, idempotencyKey);

    public void Dispose() => _http.Dispose();

    private async Task<ApiAnswer> SendAsync(
        HttpMethod method, string path, string? body, string? idempotencyKey, CancellationToken cancellationToken = default)
    {
        var relative = OutsideOfApi.Any(prefix => path.StartsWith(prefix, StringComparison.Ordinal)) ? path : "/api/v1" + path;
        using var request = new HttpRequestMessage(method, new Uri(relative, UriKind.Relative));
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await _http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        var replayed = response.Headers.TryGetValues("Idempotent-Replayed", out var values) && values.Single() == "true";
        return new ApiAnswer(response.StatusCode, text, replayed)
        {
            MediaType = response.Content.Headers.ContentType?.MediaType,
            RetryAfter = response.Headers.RetryAfter?.Delta,
        };
    }
}

/// <param name="Replayed">The header <c>Idempotent-Replayed</c> was there.</param>
public sealed record ApiAnswer(HttpStatusCode Status, string Text, bool Replayed)
{
    public string? MediaType { get; init; }

    /// <summary>The header <c>Retry-After</c>; null without it.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    public JsonNode? this[string member] => Json[member];

    /// <summary>The answer, which must have this status.</summary>
    /// <exception cref="InvalidOperationException">It has another one.</exception>
    public ApiAnswer Expect(HttpStatusCode status) =>
        Status == status ? this : throw new InvalidOperationException($"Expected {(int)status}, got {(int)Status}: {Text}");
}
