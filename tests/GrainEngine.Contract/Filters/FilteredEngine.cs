using Microsoft.Extensions.DependencyInjection;
using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract.Filters;

/// <summary>An engine with three filters at each end: two that tell what they see, and one that does what the test says.</summary>
public abstract class FilteredEngine(bool inline) : IAsyncLifetime
{
    internal ScriptedFilters Script { get; } = new();

    protected EngineHost Engine { get; private set; } = null!;

    public async Task InitializeAsync() => Engine = await EngineHost.StartAsync(
        options =>
        {
            options.InlineCalls = inline;
            options.CallTimeout = TimeSpan.FromSeconds(10);
        },
        services: services =>
        {
            foreach (var name in new[] { "first", "second" })
            {
                services.AddSingleton<IIncomingGrainCallFilter>(provider => new TellingFilter(provider.GetRequiredService<Journal>(), name));
                services.AddSingleton<IOutgoingGrainCallFilter>(provider => new TellingFilter(provider.GetRequiredService<Journal>(), name));
            }

            services.AddSingleton<IIncomingGrainCallFilter>(Script);
            services.AddSingleton<IOutgoingGrainCallFilter>(Script);
        });

    public async Task DisposeAsync() => await Engine.DisposeAsync();

    protected IFilteredGrain Grain(string key) => Engine.Grains.GetGrain<IFilteredGrain>(key);
}
