using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>What the drain of this engine promises beyond the contract.</summary>
public sealed class DrainOrderTests
{
    [Fact]
    public async Task A_drain_refuses_every_new_call_from_its_first_moment_and_serves_those_of_grains_in_flight()
    {
        await using var engine = await EngineHost.StartAsync();
        var active = engine.Grains.GetGrain<IProbeGrain>("active");
        await active.Add(1);
        var inFlight = engine.Grains.GetGrain<IChainGrain>("chain").WaitAndVisitSelf("gate");
        await Eventually.Holds(() => engine.Journal.CountOf("leave given") == 1, "the call is in flight");
        var stopping = engine.StopAsync();
        await Eventually.Fails<SiloUnavailableException>(active.Add(1));
        await Eventually.Fails<SiloUnavailableException>(engine.Grains.GetGrain<IProbeGrain>("late").Add(1));
        Assert.False(stopping.IsCompleted);
        engine.Journal.Open("gate");
        Assert.Equal(1, await Eventually.Ends(inFlight));
        await Eventually.Ends(stopping);
    }
}
