using System.Diagnostics;

namespace OrleansPayments.PspSimulator.Tests;

public sealed class StopTests
{
    [Theory]
    [InlineData("timeout_before", 0)]
    [InlineData("timeout_after", 0)]
    [InlineData("slow", 60_000)]
    public async Task A_stop_does_not_wait_for_held_calls(string kind, int delayMs)
    {
        await using var host = PspSimulatorHost.Create(new SimulatorOptions { Port = 0 });
        await host.StartAsync();
        using var stripe = new StripeClient(new Uri(PspSimulatorHost.AddressOf(host)), "a");
        await stripe.InjectAsync("create", kind, times: 3, delayMs);
        var held = Enumerable.Range(0, 3).Select(_ => stripe.CreateAsync(StripeClient.Charge())).ToArray();
        await Wait.UntilAsync(async () => (await stripe.RequestsAsync()).Length == 3);
        var before = TimeProvider.System.GetTimestamp();

        await host.StopAsync();

        // Sooner than the server's own patience, so the holds let go by themselves.
        Assert.InRange(TimeProvider.System.GetElapsedTime(before).TotalSeconds, 0, 1);
        foreach (var call in held) await Assert.ThrowsAsync<HttpRequestException>(() => call);
    }

    [Fact]
    public async Task A_hold_has_an_end_of_its_own()
    {
        await using var host = PspSimulatorHost.Create(new SimulatorOptions { Port = 0, MaxHold = TimeSpan.FromMilliseconds(100) });
        await host.StartAsync();
        using var stripe = new StripeClient(new Uri(PspSimulatorHost.AddressOf(host)), "a");
        await stripe.InjectAsync("create", "timeout_before");

        await Assert.ThrowsAsync<HttpRequestException>(() => stripe.CreateAsync(StripeClient.Charge()));
        await host.StopAsync();
    }

    [Fact]
    public async Task The_program_says_where_it_listens_and_ends_on_sigterm()
    {
        using var program = Start("0");
        var line = await program.StandardOutput.ReadLineAsync();
        Assert.Matches("^psp simulator listening on http://127\\.0\\.0\\.1:[0-9]+$", line);
        using var stripe = new StripeClient(new Uri(line!.Split(' ')[^1]), "a");
        await stripe.InjectAsync("create", "timeout_before");
        var held = stripe.CreateAsync(StripeClient.Charge());
        await Wait.UntilAsync(async () => (await stripe.RequestsAsync()).Length == 1);
        var before = TimeProvider.System.GetTimestamp();

        using var kill = Process.Start("kill", ["-TERM", $"{program.Id}"]);
        await program.WaitForExitAsync();

        Assert.InRange(TimeProvider.System.GetElapsedTime(before).TotalSeconds, 0, 2);
        Assert.Equal(0, program.ExitCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => held);
        Assert.Equal("", await program.StandardOutput.ReadToEndAsync() + await program.StandardError.ReadToEndAsync());
    }

    [Theory]
    [InlineData("70000")]
    [InlineData("http")]
    public async Task A_port_that_is_none_is_refused_in_words(string port)
    {
        using var program = Start(port);
        await program.WaitForExitAsync();

        Assert.Equal(2, program.ExitCode);
        Assert.Contains("PSP_SIMULATOR_PORT", await program.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
    }

    private static Process Start(string port)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(PspSimulatorHost).Assembly.Location])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[SimulatorOptions.PortVariable] = port;
        return Process.Start(start)!;
    }
}
