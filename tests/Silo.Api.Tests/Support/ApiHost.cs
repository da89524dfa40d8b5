using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Shared.Security;
using OrleansPayments.Silo.Api.Health;
using OrleansPayments.Silo.Api.Payments;
using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Api.Tests.Support;

/// <summary>The API on Kestrel, on a free port of 127.0.0.1, in front of fake grains. One per test class.</summary>
public sealed class ApiHost : IAsyncLifetime
{
    public const string AdminKeyText = "ak_test_administrator";

    public static readonly DateTimeOffset Start = new(2026, 5, 17, 12, 0, 0, TimeSpan.Zero);

    private readonly Action<WebApplicationBuilder> _configure;
    private readonly Action<WebApplication> _map;
    private WebApplication? _app;

    public ApiHost()
        : this(_ => { })
    {
    }

    /// <param name="map">Maps more than the API.</param>
    internal ApiHost(Action<WebApplicationBuilder> configure, Action<WebApplication>? map = null)
    {
        _configure = configure;
        _map = map ?? (_ => { });
        Engine = new FakeEngine(Time);
        PaymentList = new FakePaymentList(Engine);
    }

    public ManualTime Time { get; } = new(Start);

    public FakeEngine Engine { get; }

    public FakePaymentList PaymentList { get; }

    public FakeProvider Provider { get; } = new();

    public LogCollector Logs { get; } = new();

    public HttpClient Http { get; private set; } = null!;

    public IPEndPoint Endpoint { get; private set; } = null!;

    public WebApplication App => _app!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(Logs);
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddSingleton(Engine.Factory);
        builder.Services.AddSingleton<IPaymentList>(PaymentList);
        builder.Services.AddSingleton<IWorkList>(PaymentList);
        builder.Services.AddSingleton<IPaymentProvider>(Provider);
        builder.Services.AddSingleton<CallbackReader>();
        builder.Services.AddSingleton(FakeEngine.Keys);
        builder.Services.AddSingleton<ISecretSealer, AesGcmSecretSealer>();
        builder.Services.AddSingleton(AdminKey.FromText(AdminKeyText));
        builder.Services.AddPaymentsApi();
        _configure(builder);
        _app = builder.Build();
        _app.MapPaymentsApi();
        _map(_app);
        await _app.StartAsync();

        var address = new Uri(_app.Urls.Single());
        Endpoint = new IPEndPoint(IPAddress.Loopback, address.Port);
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await _app!.DisposeAsync();
    }

    /// <summary>Sends a request as the administrator unless told otherwise.</summary>
    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body = null, string? key = AdminKeyText, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (key is not null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        if (idempotencyKey is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        return await SendAsync(request);
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using var response = await Http.SendAsync(request);
        return new Answer(response, await response.Content.ReadAsStringAsync());
    }

    public Task<Answer> PostAsync(string path, string body, string? key = AdminKeyText, string? idempotencyKey = null) =>
        SendAsync(HttpMethod.Post, path, body, key, idempotencyKey);

    public Task<Answer> GetAsync(string path, string? key = AdminKeyText) => SendAsync(HttpMethod.Get, path, null, key);

    /// <summary>A new merchant with a key of these permissions.</summary>
    public async Task<(string Id, string Key)> NewMerchantAsync(params string[] permissions)
    {
        var merchant = await PostAsync("/api/v1/merchants", Bodies.Merchant);
        var id = merchant.Json.GetProperty("id").GetString()!;
        var asked = JsonSerializer.Serialize(new { name = "server", permissions = permissions.Length > 0 ? permissions : ["*"] });
        var key = await PostAsync($"/api/v1/merchants/{id}/api_keys", asked);
        return (id, key.Json.GetProperty("key").GetString()!);
    }
}

/// <summary>What came back.</summary>
public sealed class Answer
{
    public Answer(HttpResponseMessage response, string body)
    {
        Status = (int)response.StatusCode;
        Body = body;
        MediaType = response.Content.Headers.ContentType?.MediaType;
        Headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
    }

    public int Status { get; }

    public string Body { get; }

    public string? MediaType { get; }

    public IReadOnlyDictionary<string, string> Headers { get; }

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    public string Code => Json.GetProperty("code").GetString()!;

    public string? Param => Json.TryGetProperty("param", out var param) ? param.GetString() : null;

    public bool IsReplayed => Headers.TryGetValue("Idempotent-Replayed", out var value) && value == "true";
}
