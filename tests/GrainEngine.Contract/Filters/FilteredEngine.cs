using Microsoft.Extensions.DependencyInjection;
using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract.Filters;

/// <summary>An engine with three filters at each end: two that tell what they see, and one that does what the test says.</summary>
public abstract class FilteredEngine : Contract
{
    private protected FilteredEngine(EngineMode mode)
        : this(mode, new())
    {
    }

    private FilteredEngine(EngineMode mode, ScriptedFilters script)
        : base(mode, new EngineSettings { CallTimeout = TimeSpan.FromSeconds(10), Services = services => Register(services, script) }) =>
        Script = script;

    internal ScriptedFilters Script { get; }

    protected IFilteredGrain Grain(string key) => Grains.GetGrain<IFilteredGrain>(key);

    private static void Register(IServiceCollection services, ScriptedFilters script)
    {
        foreach (var name in new[] { "first", "second" })
        {
            services.AddSingleton<IIncomingGrainCallFilter>(provider => new TellingFilter(provider.GetRequiredService<Journal>(), name));
            services.AddSingleton<IOutgoingGrainCallFilter>(provider => new TellingFilter(provider.GetRequiredService<Journal>(), name));
        }

        services.AddSingleton<IIncomingGrainCallFilter>(script);
        services.AddSingleton<IOutgoingGrainCallFilter>(script);
    }
}
