using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace OrleansPayments.Client;

/// <summary>The REST API in .NET. Answers are JSON as the API reference describes it.</summary>
public sealed class PaymentsClient : IDisposable
{
    private readonly HttpClient _http;

    /// <param name="address">The silo: <c>http://127.0.0.1:8080</c>.</param>
    /// <param name="key">An administrator's or a merchant's key; null for the calls that need none.</param>
    public PaymentsClient(Uri address, string? key = null)
    {
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(40) };
        if (key is not null) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>True when the silo can take payments.</summary>
    /// <exception cref="HttpRequestException">Nobody listens there.</exception>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken = default)
    {
        using var response = await _http.GetAsync(new Uri("/ready", UriKind.Relative), cancellationToken);
        return response.IsSuccessStatusCode;
    }

    /// <exception cref="PaymentsApiException">The API refused.</exception>
    public Task<JsonObject> GetAsync(string path, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, path, null, null, cancellationToken);

    /// <param name="path">Below <c>/api/v1</c>: <c>/payments</c>.</param>
    /// <param name="idempotencyKey">Makes the call safe to repeat; null for none.</param>
    /// <exception cref="PaymentsApiException">The API refused.</exception>
    public Task<JsonObject> PostAsync(string path, JsonObject body, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, path, body, idempotencyKey, cancellationToken);

    private async Task<JsonObject> SendAsync(HttpMethod method, string path, JsonObject? body, string? idempotencyKey, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri("/api/v1" + path, UriKind.Relative));
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await _http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode) throw PaymentsApiException.From(response.StatusCode, text);
        return JsonNode.Parse(text)?.AsObject() ?? throw new PaymentsApiException(HttpStatusCode.OK, "malformed_answer", "The answer is no JSON object.");
    }
}
