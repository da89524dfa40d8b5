using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using OrleansPayments.PspSimulator;

namespace OrleansPayments.Testing.Support;

/// <summary>The PSP simulator on a free port, in this process, so that it outlives a silo that is killed.</summary>
public sealed class Simulator : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private Simulator(WebApplication app, Uri address)
    {
        _app = app;
        Address = address;
        _http = new HttpClient { BaseAddress = address };
    }

    public Uri Address { get; }

    /// <param name="time">The simulator's clock; null for the real one.</param>
    /// <param name="log">Changes where and how much it logs.</param>
    public static async Task<Simulator> StartAsync(TimeProvider? time = null, Action<ILoggingBuilder>? log = null)
    {
        var app = PspSimulatorHost.Create(new SimulatorOptions { Port = 0, Time = time ?? TimeProvider.System }, log);
        await app.StartAsync();
        return new Simulator(app, new Uri(PspSimulatorHost.AddressOf(app)));
    }

    /// <summary>What the provider really did.</summary>
    public async Task<IReadOnlyList<JsonObject>> ChargesAsync(string account) => await DataAsync($"/control/{account}/charges");

    /// <summary>The one thing that the provider did.</summary>
    /// <exception cref="InvalidOperationException">It did nothing, or more.</exception>
    public async Task<JsonObject> OnlyChargeAsync(string account) => (await ChargesAsync(account)) is [var only]
        ? only
        : throw new InvalidOperationException($"Not exactly one charge at {account}.");

    /// <summary>The requests that may move money.</summary>
    public async Task<IReadOnlyList<JsonObject>> SendingsAsync(string account) => await OfMethodAsync(account, "POST");

    /// <summary>The requests that only ask.</summary>
    public async Task<IReadOnlyList<JsonObject>> InquiriesAsync(string account) => await OfMethodAsync(account, "GET");

    /// <summary>What the provider was asked.</summary>
    public async Task<IReadOnlyList<JsonObject>> RequestsAsync(string account) => await DataAsync($"/control/{account}/requests");

    public Task AddFaultAsync(string account, string operation, string kind, int times = 1, int delayMs = 0) => PostAsync(
        $"/control/{account}/faults",
        new JsonObject { ["operation"] = operation, ["kind"] = kind, ["times"] = times, ["delay_ms"] = delayMs });

    /// <summary>The account declines its next charge, whatever the card: another account still approves it.</summary>
    /// <param name="code">Stripe's, of those that the simulator lists.</param>
    public Task DeclineAsync(string account, string code) => PostAsync(
        $"/control/{account}/faults", new JsonObject { ["operation"] = "create", ["kind"] = "decline", ["code"] = code });

    public async Task ClearFaultsAsync(string account)
    {
        using var response = await _http.DeleteAsync(new Uri($"/control/{account}/faults", UriKind.Relative));
        response.EnsureSuccessStatusCode();
    }

    public Task SetLatencyAsync(string account, int medianMs, int p99Ms) =>
        PostAsync($"/control/{account}/latency", new JsonObject { ["median_ms"] = medianMs, ["p99_ms"] = p99Ms });

    /// <summary>From now on the provider tells this connector's callback address of every change.</summary>
    public Task TellAsync(string account, Uri silo) =>
        PostAsync($"/control/{account}/webhooks", new JsonObject { ["url"] = new Uri(silo, "/api/v1/callbacks/" + account).ToString() });

    /// <summary>What becomes of callbacks from now on: normal, hold, duplicate, reorder, early, drop, forge or stale.</summary>
    public Task SetCallbacksAsync(string account, string mode) => PostAsync($"/control/{account}/callbacks", new JsonObject { ["mode"] = mode });

    /// <summary>Sends the callbacks that were held.</summary>
    public Task ReleaseCallbacksAsync(string account, bool newestFirst = false) =>
        PostAsync($"/control/{account}/callbacks/release", new JsonObject { ["order"] = newestFirst ? "newest_first" : "as_held" });

    /// <summary>Sends a callback again.</summary>
    public Task ReplayCallbackAsync(string account, string @event, int ageSeconds = 0, bool forged = false) => PostAsync(
        $"/control/{account}/callbacks/replay", new JsonObject { ["event"] = @event, ["age_seconds"] = ageSeconds, ["forged"] = forged });

    /// <summary>Every delivery of a callback, newest first, with the status it was answered with.</summary>
    public async Task<IReadOnlyList<JsonObject>> CallbacksAsync(string account) => await DataAsync($"/control/{account}/callbacks");

    /// <summary>The time of every authorisation that is held is over.</summary>
    public Task ExpireAsync(string account) => PostAsync($"/control/{account}/expire", []);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    private async Task<IReadOnlyList<JsonObject>> OfMethodAsync(string account, string method) =>
        [.. (await RequestsAsync(account)).Where(request => (string)request["method"]! == method)];

    private async Task<IReadOnlyList<JsonObject>> DataAsync(string path)
    {
        var text = await _http.GetStringAsync(new Uri(path, UriKind.Relative));
        return [.. JsonNode.Parse(text)!["data"]!.AsArray().Select(item => item!.AsObject())];
    }

    private async Task PostAsync(string path, JsonObject body)
    {
        using var content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(new Uri(path, UriKind.Relative), content);
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException(await response.Content.ReadAsStringAsync());
    }
}
