using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Connectors.Http;
using OrleansPayments.Grains.Connectors.Stripe;
using OrleansPayments.PspSimulator;

namespace OrleansPayments.Grains.Tests.Connectors.Simulator;

/// <summary>The simulator on a free port of 127.0.0.1, an adapter in front of it and a place that its callbacks come to. Every test takes an account of its own.</summary>
public sealed class SimulatedStripe : IAsyncLifetime, IDisposable
{
    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly ConcurrentDictionary<string, ConcurrentQueue<CallbackRequest>> _received = new(StringComparer.Ordinal);
    private WebApplication? _simulator;
    private WebApplication? _inbox;
    private int _accounts;

    internal StripeProvider Provider => new(new ProviderHttp(_invoker));

    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    public async Task InitializeAsync()
    {
        _simulator = PspSimulatorHost.Create(new SimulatorOptions { Port = 0, DecidesAfter = TimeSpan.FromMilliseconds(50), CallbackPause = TimeSpan.FromMilliseconds(10) });
        await _simulator.StartAsync();
        Http.BaseAddress = new Uri(PspSimulatorHost.AddressOf(_simulator));

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _inbox = builder.Build();
        _inbox.Run(ReceiveAsync);
        await _inbox.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _simulator!.StopAsync();
        await _simulator.DisposeAsync();
        await _inbox!.StopAsync();
        await _inbox.DisposeAsync();
    }

    public void Dispose()
    {
        _invoker.Dispose();
        Http.Dispose();
    }

    /// <summary>A new account, and an adapter's access to it.</summary>
    internal StripeAccount NewAccount()
    {
        var name = $"a{Interlocked.Increment(ref _accounts)}";
        return new StripeAccount(this, name, StripeSamples.Access("whsec_" + name, $"{Http.BaseAddress}stripe/{name}", "sk_test_" + name));
    }

    /// <summary>Where an account's callbacks may be sent to.</summary>
    internal string InboxOf(string account) => $"{_inbox!.Urls.First()}/{account}";

    internal CallbackRequest[] ReceivedBy(string account) => [.. _received.GetOrAdd(account, _ => [])];

    private async Task ReceiveAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        _received.GetOrAdd(http.Request.Path.Value!.Trim('/'), _ => []).Enqueue(new CallbackRequest
        {
            Headers = http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Body = body.ToArray(),
            ReceivedAt = TimeProvider.System.GetUtcNow(),
        });
    }
}

/// <summary>One account of the simulator.</summary>
internal sealed class StripeAccount(SimulatedStripe stripe, string name, ConnectorAccess access)
{
    public ConnectorAccess Access { get; } = access;

    public Task ReceiveCallbacks() => Steer("webhooks", $$"""{"url":"{{stripe.InboxOf(name)}}"}""");

    public Task Fault(string operation, string kind) => Steer("faults", $$"""{"operation":"{{operation}}","kind":"{{kind}}","times":1,"delay_ms":0}""");

    public async Task Steer(string path, string json)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var response = await stripe.Http.PostAsync(new Uri($"/control/{name}/{path}", UriKind.Relative), content);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The account's book: each charge as <c>status captured refunded</c>.</summary>
    public async Task<string[]> Book()
    {
        using var json = JsonDocument.Parse(await stripe.Http.GetStringAsync(new Uri($"/control/{name}/charges", UriKind.Relative)));
        return [.. json.RootElement.GetProperty("data").EnumerateArray().Select(c => $"{c.GetProperty("status")} {c.GetProperty("amount_captured")} {c.GetProperty("amount_refunded")}")];
    }

    /// <summary>What came to the account's inbox, once there are so many.</summary>
    public async Task<CallbackRequest[]> Callbacks(int count)
    {
        await Until(() => Task.FromResult(stripe.ReceivedBy(name).Length >= count));
        return stripe.ReceivedBy(name);
    }

    /// <summary>The payer's answer on the issuer's page: <c>complete</c>, <c>fail</c> or <c>cancel</c>; where the browser is sent then.</summary>
    public async Task<string> Answer(string page, string outcome)
    {
        using var form = new FormUrlEncodedContent([new("outcome", outcome)]);
        using var response = await stripe.Http.PostAsync(new Uri(page), form);
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        return response.Headers.Location!.OriginalString;
    }

    /// <summary>Polls until it holds; fails after ten seconds.</summary>
    public static async Task Until(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!await condition()) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, deadline.Token);
    }
}
