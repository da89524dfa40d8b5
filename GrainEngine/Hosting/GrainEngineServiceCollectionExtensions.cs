using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;
using Orleans.Timers;

namespace Orleans.Hosting;

/// <summary>Adds the embedded grain engine to a host.</summary>
public static class GrainEngineServiceCollectionExtensions
{
    /// <summary>
    /// Adds the engine, <see cref="IGrainFactory"/> and <see cref="IClusterClient"/>, and the hosted service that starts and drains it. Calls are refused until
    /// that service has started. Register a <see cref="TimeProvider"/> or an <see cref="ITurnScheduler"/> before to replace the system clock or the thread pool.
    /// </summary>
    /// <param name="configure">Changes the defaults of <see cref="GrainEngineOptions"/>.</param>
    /// <param name="grainAssemblies">The assemblies that hold the grain classes. Those of the interfaces are found by themselves.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static IServiceCollection AddGrainEngine(
        this IServiceCollection services, Action<GrainEngineOptions>? configure, params Assembly[] grainAssemblies)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = new GrainEngineOptions();
        configure?.Invoke(options);
        options.Validate();
        var classes = new GrainClassMap(grainAssemblies, options.CollectionAge);

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ITurnScheduler, ThreadPoolTurnScheduler>();
        services.AddSingleton(provider => new EmbeddedGrainEngine(
            provider,
            options,
            classes,
            provider.GetRequiredService<ITurnScheduler>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<ILogger<EmbeddedGrainEngine>>() ?? NullLogger<EmbeddedGrainEngine>.Instance));
        services.AddSingleton<IClusterClient>(provider => provider.GetRequiredService<EmbeddedGrainEngine>());
        services.AddSingleton<IGrainFactory>(provider => provider.GetRequiredService<EmbeddedGrainEngine>());
        services.AddSingleton<IGrainReferenceRuntime>(provider => provider.GetRequiredService<EmbeddedGrainEngine>());
        services.AddSingleton<ITimerRegistry>(provider => provider.GetRequiredService<EmbeddedGrainEngine>());
        // Only the code that builds a grain runs in an activation's turn, so there the context is known.
        services.AddTransient(_ =>
            RuntimeContext.Current ?? throw new InvalidOperationException("IGrainContext can be injected into grains and their scoped services only."));
        services.AddSingleton<IHostedService, GrainEngineHost>();
        return services;
    }
}
