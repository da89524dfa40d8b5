using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Orleans.Simulation;

namespace OrleansPayments.Simulation.Loop;

/// <summary>A small engine with the grains of this folder in one process of a loop.</summary>
internal sealed class SimulatedEngine : IDisposable
{
    private readonly ServiceProvider _services;

    public SimulatedEngine(SimulationLoop loop, int maxActivations = 1_000)
    {
        Loop = loop;
        Process = loop.Start("engine");
        var services = new ServiceCollection();
        services.AddSingleton(Process.Time);
        services.AddSingleton(Process.Turns);
        services.AddSingleton(Lines);
        services.AddGrainEngine(
            options =>
            {
                options.CallTimeout = TimeSpan.FromSeconds(30);
                options.MaxActivations = maxActivations;
            },
            typeof(SimulatedEngine).Assembly);
        _services = services.BuildServiceProvider();
        foreach (var hosted in _services.GetServices<IHostedService>()) hosted.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    public SimulationLoop Loop { get; }

    public SimulatedProcess Process { get; }

    public Lines Lines { get; } = new();

    public IGrainFactory Grains => _services.GetRequiredService<IGrainFactory>();

    public IStepGrain Grain(string key) => Grains.GetGrain<IStepGrain>(key);

    /// <summary>Runs client code in the loop until it has ended.</summary>
    /// <param name="escapes">How long what left the loop may take to come back; null is one second.</param>
    public Task Run(Func<Task> client, TimeSpan? escapes = null)
    {
        Task? work = null;
        Loop.Outside.Run("client", () => work = client());
        var end = Loop.RunUntil(() => work is { IsCompleted: true }, maxSteps: 100_000, maxTime: TimeSpan.FromHours(1));
        // A call that left the loop never ends in it: its caller gave it up after half a minute of virtual time.
        if (work is not { IsCompletedSuccessfully: true }) Loop.WaitForEscapes(escapes ?? TimeSpan.FromSeconds(1));
        Assert.Equal(SimulationEnd.Done, end);
        return work!;
    }

    public void Dispose() => _services.Dispose();
}
