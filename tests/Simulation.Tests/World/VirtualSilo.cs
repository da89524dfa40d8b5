using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Simulation;
using OrleansPayments.Grains;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Grains.Shared.Security;

namespace OrleansPayments.Simulation.World;

/// <summary>One life of the silo: the real grains on the real engine, in a process that can be killed between any two turns.</summary>
internal sealed class VirtualSilo
{
    // What does not differ from silo to silo; the grain classes are looked for once.
    private static readonly ServiceDescriptor[] Common = Compose();

    private readonly ServiceProvider _services;
    private readonly TaskCompletionSource _gone = new();

    /// <param name="more">What this world has besides.</param>
    public VirtualSilo(
        SimulatedProcess process, IJournal journal, IEnumerable<IPaymentProvider> providers, ICardVault vault, PaymentOptions options, ErrorLog log,
        Action<IServiceCollection>? more = null)
    {
        Process = process;
        var services = new ServiceCollection { Common };
        services.AddSingleton(process.Time);
        services.AddSingleton(process.Turns);
        services.AddSingleton(journal);
        services.AddSingleton(log);
        services.AddSingleton(vault);
        services.AddSingleton(options);
        foreach (var provider in providers) services.AddSingleton(provider);
        more?.Invoke(services);
        _services = services.BuildServiceProvider();
        foreach (var hosted in _services.GetServices<IHostedService>()) Completed(hosted.StartAsync(CancellationToken.None));
        Grains = _services.GetRequiredService<IGrainFactory>();
    }

    public SimulatedProcess Process { get; }

    public IGrainFactory Grains { get; }

    /// <summary>A call from outside, which ends with the silo at the latest.</summary>
    /// <exception cref="ConnectionLostException">The silo ended first.</exception>
    public async Task<T> Call<T>(Func<IGrainFactory, Task<T>> call)
    {
        if (!Process.IsAlive) throw new ConnectionLostException();
        var answer = call(Grains);
        if (await Task.WhenAny(answer, _gone.Task) != answer) throw new ConnectionLostException();
        return await answer;
    }

    /// <summary>Calls that were begun and have not ended.</summary>
    public int CallsInFlight => Grains.CallsInFlight();

    /// <summary>Ends it as a power failure does.</summary>
    public void Crash()
    {
        Process.Kill();
        Forget();
    }

    /// <summary>Ends it in good order.</summary>
    public async Task Stop()
    {
        foreach (var hosted in _services.GetServices<IHostedService>()) await hosted.StopAsync(CancellationToken.None);
        if (Process.IsAlive) Crash();
    }

    private void Forget()
    {
        _gone.TrySetResult();
        Completed(_services.DisposeAsync().AsTask());
    }

    private static ServiceDescriptor[] Compose()
    {
        var services = new ServiceCollection();
        services.AddPaymentGrains();
        services.AddSingleton<ISecretSealer, PlainSealer>();
        services.AddSingleton<IReturnAddress, ReturnAddress>();
        services.AddSingleton(typeof(ILogger<>), typeof(ErrorLogger<>));
        // As the silo's own limits, so that a call is given up when it is there.
        services.AddGrainEngine(
            options =>
            {
                options.CallTimeout = TimeSpan.FromSeconds(30);
                options.CollectionAge = TimeSpan.FromMinutes(2);
                options.DrainTimeout = TimeSpan.FromSeconds(22);
            },
            typeof(GrainServices).Assembly);
        return [.. services];
    }

    private static void Completed(Task task)
    {
        if (!task.IsCompleted) throw new InvalidOperationException("The silo's start or end waits for something.");
        task.GetAwaiter().GetResult();
    }
}
