using Microsoft.AspNetCore.Builder;

namespace OrleansPayments.PspSimulator.Tests;

/// <summary>A simulator of its own for one test; unless told otherwise, one whose banks take an hour to decide what they decide late.</summary>
public sealed class LateSimulator : IAsyncDisposable
{
    private readonly WebApplication _host;
    private int _accounts;

    private LateSimulator(WebApplication host) => _host = host;

    public static async Task<LateSimulator> StartAsync(SimulatorOptions? options = null)
    {
        var host = PspSimulatorHost.Create(options ?? RunningSimulator.Quick with { DecidesAfter = TimeSpan.FromHours(1) });
        await host.StartAsync();
        return new LateSimulator(host);
    }

    public StripeClient NewAccount() => new(new Uri(PspSimulatorHost.AddressOf(_host)), $"own{Interlocked.Increment(ref _accounts)}");

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await _host.DisposeAsync();
    }
}
