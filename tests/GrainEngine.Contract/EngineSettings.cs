using Microsoft.Extensions.DependencyInjection;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>What a rule may ask of any engine.</summary>
public sealed record EngineSettings
{
    /// <summary>How long a caller waits for an answer, unless the method says otherwise.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an activation may be unused. Longer than <see cref="CollectionScanInterval"/>.</summary>
    public TimeSpan CollectionAge { get; init; } = TimeSpan.FromMinutes(15);

    public TimeSpan CollectionScanInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a stop may wait for calls in flight.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Adds what the grains of the rule take by injection.</summary>
    public Action<IServiceCollection> Services { get; init; } = static _ => { };
}
