using Microsoft.Extensions.DependencyInjection;
using OrleansPayments.Silo.Api.Health;
using OrleansPayments.Silo.Api.Tests.Support;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary><c>/health</c> and <c>/ready</c>.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task Without_a_key_everybody_may_ask()
    {
        await using var running = await Running.StartAsync();
        var health = await running.Host.GetAsync("/health", key: null);
        Assert.Equal((200, """{"status":"ok"}"""), (health.Status, health.Body));
        var ready = await running.Host.GetAsync("/ready", key: null);
        Assert.Equal((200, """{"status":"ready","reasons":[]}"""), (ready.Status, ready.Body));
        Assert.Equal((200, ""), ((await running.Host.SendAsync(HttpMethod.Head, "/health")).Status, (await running.Host.SendAsync(HttpMethod.Head, "/health")).Body));
    }

    [Fact]
    public async Task A_silo_that_cannot_take_payments_says_why()
    {
        await using var running = await Running.StartAsync(
            new Check("journal", _ => ValueTask.FromResult<string?>("No connection.")),
            new Check("projections", _ => ValueTask.FromResult<string?>(null)),
            new Check("engine", _ => throw new InvalidOperationException("secret detail")),
            new Check("slow", async patience =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None).WaitAsync(patience);
                return null;
            }));
        var ready = await running.Host.GetAsync("/ready", key: null);
        Assert.Equal(503, ready.Status);
        Assert.Equal(
            """{"status":"not_ready","reasons":[{"check":"journal","reason":"No connection."},{"check":"engine","reason":"The check failed."},{"check":"slow","reason":"The check did not answer in time."}]}""",
            ready.Body);
        Assert.Equal(200, (await running.Host.GetAsync("/health", key: null)).Status);
    }

    private sealed class Check(string name, Func<CancellationToken, ValueTask<string?>> ask) : IReadinessCheck
    {
        public string Name => name;

        public ValueTask<string?> WhyNotReadyAsync(CancellationToken cancellationToken) => ask(cancellationToken);
    }

    private sealed class Running(ApiHost host) : IAsyncDisposable
    {
        public ApiHost Host => host;

        public static async Task<Running> StartAsync(params IReadinessCheck[] checks)
        {
            var host = new ApiHost(builder =>
            {
                foreach (var check in checks) builder.Services.AddSingleton(check);
            });
            await host.InitializeAsync();
            return new Running(host);
        }

        public ValueTask DisposeAsync() => new(host.DisposeAsync());
    }
}
