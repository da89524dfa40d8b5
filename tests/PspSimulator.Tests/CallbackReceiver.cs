using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace OrleansPayments.PspSimulator.Tests;

/// <summary>A shop's endpoint on a free port of 127.0.0.1 that keeps what it is sent; its signatures are checked as the protocol's documentation says.</summary>
public sealed class CallbackReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<Callback> _received = [];
    private readonly WebApplication _host;

    private CallbackReceiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _host = builder.Build();
        _host.Run(ReceiveAsync);
    }

    public Callback[] Received => [.. _received];

    public IEnumerable<string> Types => Received.Select(callback => callback.Type);

    public string Url => _host.Urls.First() + "/hook";

    /// <summary>What to answer to which callback: 200 unless set.</summary>
    public Func<Callback, int> Answer { get; set; } = static _ => 200;

    /// <summary>What answers wait for.</summary>
    public Task Before { get; set; } = Task.CompletedTask;

    public static async Task<CallbackReceiver> StartAsync()
    {
        var receiver = new CallbackReceiver();
        await receiver._host.StartAsync();
        return receiver;
    }

    /// <summary>Starts one that a new account calls with every event.</summary>
    public static async Task<CallbackReceiver> StartAsync(StripeClient stripe)
    {
        var receiver = await StartAsync();
        await stripe.SteerAsync("webhooks", $$"""{"url":"{{receiver.Url}}"}""");
        return receiver;
    }

    public Task UntilAsync(int count) => Wait.UntilAsync(() => Task.FromResult(_received.Count >= count));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await _host.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var callback = new Callback(http.Request.Headers["Stripe-Signature"].ToString(), body.ToArray(), http.Request.ContentType);
        _received.Enqueue(callback);
        await Before;
        http.Response.StatusCode = Answer(callback);
    }

    public sealed record Callback(string Signature, byte[] Body, string? ContentType)
    {
        public JsonElement Json => JsonDocument.Parse(Body).RootElement;

        public string Id => Json.GetProperty("id").GetString()!;

        public string Type => Json.GetProperty("type").GetString()!;

        public JsonElement Subject => Json.GetProperty("data").GetProperty("object");

        public DateTimeOffset SignedAt => DateTimeOffset.FromUnixTimeSeconds(long.Parse(Signature.Split(',')[0]["t=".Length..], System.Globalization.CultureInfo.InvariantCulture));

        public bool IsSignedBy(string secret)
        {
            var parts = Signature.Split(',');
            var signed = Encoding.UTF8.GetBytes(parts[0]["t=".Length..] + ".").Concat(Body).ToArray();
            return parts[1] == "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
        }
    }
}
