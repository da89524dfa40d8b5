using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>Runs the embedded engine with the grains of this assembly. Its twin under <c>OrleansEngine/</c> takes its place when the build says so.</summary>
public sealed class EngineHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private bool _stopped;

    private EngineHost(ServiceProvider services) => _services = services;

    /// <summary>What the results of this build are recorded under.</summary>
    public static string Engine => "embedded";

    /// <summary>The engine and its version, for people.</summary>
    public static string Version => "the embedded engine of this repository";

    public IGrainFactory Grains => _services.GetRequiredService<IGrainFactory>();

    /// <summary>What the test's grains tell the test.</summary>
    public Journal Journal => _services.GetRequiredService<Journal>();

    public LogCapture Log => _services.GetRequiredService<LogCapture>();

    public static Task<EngineHost> StartAsync(EngineMode mode, EngineSettings settings) => StartAsync(
        options =>
        {
            options.InlineCalls = mode == EngineMode.Inline;
            options.CallTimeout = settings.CallTimeout;
            options.CollectionAge = settings.CollectionAge;
            options.CollectionScanInterval = settings.CollectionScanInterval;
            options.DrainTimeout = settings.DrainTimeout;
        },
        services: settings.Services);

    /// <summary>For tests of this engine alone.</summary>
    public static async Task<EngineHost> StartAsync(
        Action<GrainEngineOptions>? configure = null, TimeProvider? time = null, Action<IServiceCollection>? services = null)
    {
        var collection = new ServiceCollection();
        collection.AddSingleton(time ?? TimeProvider.System);
        collection.AddSingleton<Journal>();
        collection.AddSingleton<LogCapture>();
        collection.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<LogCapture>());
        collection.AddLogging();
        services?.Invoke(collection);
        collection.AddGrainEngine(configure, typeof(EngineHost).Assembly);
        var host = new EngineHost(collection.BuildServiceProvider());
        foreach (var hosted in host._services.GetServices<IHostedService>())
            await hosted.StartAsync(CancellationToken.None);
        return host;
    }

    public async Task StopAsync()
    {
        if (_stopped)
            return;
        _stopped = true;
        foreach (var hosted in _services.GetServices<IHostedService>())
            await hosted.StopAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _services.DisposeAsync();
    }
}
