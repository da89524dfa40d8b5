using Microsoft.AspNetCore.Builder;

namespace OrleansPayments.PspSimulator.Tests;

/// <summary>A simulator on a free port of 127.0.0.1, shared by the tests of a class; every test takes an account of its own.</summary>
public sealed class RunningSimulator : IAsyncLifetime
{
    /// <summary>Options whose waits are short.</summary>
    public static readonly SimulatorOptions Quick = new()
    {
        Port = 0,
        DecidesAfter = TimeSpan.FromMilliseconds(100),
        CallbackAttempts = 3,
        CallbackPause = TimeSpan.FromMilliseconds(10),
    };

    private int _accounts;
    private WebApplication? _host;

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public async Task InitializeAsync()
    {
        _host = PspSimulatorHost.Create(Quick);
        await _host.StartAsync();
        Address = new Uri(PspSimulatorHost.AddressOf(_host));
    }

    public async Task DisposeAsync()
    {
        await _host!.StopAsync();
        await _host.DisposeAsync();
    }

    public StripeClient NewAccount() => new(Address, $"t{Interlocked.Increment(ref _accounts)}");
}
