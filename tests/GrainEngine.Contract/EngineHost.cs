using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>The one place that knows which engine runs: starts it with the grains of this assembly and stops it.</summary>
public sealed class EngineHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private bool _stopped;

    private EngineHost(ServiceProvider services) => _services = services;

    public IGrainFactory Grains => _services.GetRequiredService<IGrainFactory>();

    /// <summary>What the test's grains tell the test.</summary>
    public Journal Journal => _services.GetRequiredService<Journal>();

    public LogCapture Log => _services.GetRequiredService<LogCapture>();

    public static async Task<EngineHost> StartAsync(
        Action<GrainEngineOptions>? configure = null, TimeProvider? time = null, Action<IServiceCollection>? services = null)
    {
        var collection = new ServiceCollection();
        collection.AddSingleton(time ?? TimeProvider.System);
        collection.AddSingleton<Journal>();
        collection.AddSingleton<LogCapture>();
        collection.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<LogCapture>());
        collection.AddLogging();
        collection.AddGrainEngine(configure, typeof(EngineHost).Assembly);
        services?.Invoke(collection);
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

    /// <summary>Collects what was logged.</summary>
    public sealed class LogCapture : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<(LogLevel Level, string Text, Exception? Exception)> Entries { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Entries.Enqueue((logLevel, formatter(state, exception), exception));

        public void Dispose()
        {
        }
    }
}
