using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace OrleansPayments.Benchmarks.Engine;

/// <summary>The embedded engine, with calls of idle grains on the caller's thread and without. Its twin under <c>OrleansEngine/</c> takes its place when the build says so.</summary>
internal static class EngineHosts
{
    public static IReadOnlyList<IContestant> Start() => [Start(ContestantNames.Inline, inline: true), Start(ContestantNames.Queued, inline: false)];

    private static GrainContestant Start(string name, bool inline)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddGrainEngine(
            options =>
            {
                options.InlineCalls = inline;
                // Every round activates grains that stay.
                options.MaxActivations = 100_000_000;
            },
            typeof(EngineHosts).Assembly);
        return new GrainContestant(name, builder.Build());
    }
}
