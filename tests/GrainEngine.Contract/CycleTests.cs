using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>Calls in a circle end in an error and never in a hang, and those that can end do.</summary>
public abstract class CycleTests(EngineMode mode) : Contract(mode, new EngineSettings { CallTimeout = TimeSpan.FromSeconds(1) })
{
    [Theory]
    [InlineData("a")]
    [InlineData("b,a")]
    [InlineData("b,c,a")]
    public async Task A_cycle_times_out_and_leaves_its_grains_usable(string way)
    {
        // Open, because the call that closes the circle may run after all: when one before it was given up first.
        Journal.Open("gate");
        await Assert.ThrowsAsync<TimeoutException>(() => Eventually.Ends(Grain("a").Pass(way.Split(','), "gate")));
        foreach (var name in way.Split(','))
            await Eventually.Ends(Grain(name).Pass([], "gate"));
    }

    [Fact]
    public async Task An_activation_that_waits_for_itself_fails() =>
        await Assert.ThrowsAsync<TimeoutException>(() => Eventually.Ends(Grains.GetGrain<ICyclicActivationGrain>("x").Touch()));

    [Fact]
    public async Task A_circle_of_calls_that_may_start_ends()
    {
        var call = Grain("a").PassInterleaving(["b", "a", "b", "a"], "gate");
        await Eventually.Holds(() => Journal.CountOf("reached") == 1, "the last call runs");
        Journal.Open("gate");
        await Eventually.Ends(call);
    }

    [Fact]
    public async Task A_call_of_itself_that_is_not_awaited_is_legal()
    {
        var call = Grain("a").PassToSelfLater("gate");
        await Eventually.Holds(() => Journal.CountOf("reached") == 1, "the call runs");
        Journal.Open("gate");
        await Eventually.Ends(call);
        await Eventually.Ends(Grain("a").Pass([], "gate"));
        Assert.Equal(2, await Grain("a").Passed());
    }

    [Fact]
    public async Task A_grain_that_waits_for_one_that_does_not_wait_for_it_goes_on()
    {
        var call = Grain("a").Pass(["b"], "gate");
        await Eventually.Holds(() => Journal.CountOf("reached") == 1, "the last call runs");
        var behind = Grain("b").Pass([], "gate");
        Journal.Open("gate");
        await Eventually.Ends(Task.WhenAll(call, behind));
    }

    private ICycleGrain Grain(string key) => Grains.GetGrain<ICycleGrain>(key);
}
