using System.Diagnostics;
using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>The orderly stop.</summary>
public abstract class DrainTests(EngineMode mode) : Contract(mode, new() { DrainTimeout = Limit })
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_stop_deactivates_every_grain_and_says_why()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Grains.GetGrain<ILifecycleGrain>($"g{i}").Touch("call")));
        await Eventually.Ends(Engine.StopAsync());
        for (var i = 0; i < 50; i++)
            Assert.Equal(1, Journal.CountOf($"deactivated g{i}: ShuttingDown"));
    }

    [Fact]
    public async Task A_stop_lets_the_calls_in_flight_end()
    {
        var inFlight = Probe("outer").CallOther("inner", "gate");
        await Written("begin inner");
        var stopping = Engine.StopAsync();
        Assert.False(stopping.IsCompleted);
        Journal.Open("gate");
        await Eventually.Ends(inFlight);
        await Eventually.Ends(stopping);
        Assert.Equal(["begin inner", "end inner", "outer called inner"], Journal.Lines);
    }

    [Fact]
    public async Task A_stop_refuses_calls_from_outside_to_grains_that_are_not_active()
    {
        var inFlight = Probe("outer").CallOther("inner", "gate");
        await Written("begin inner");
        var stopping = Engine.StopAsync();
        Exception? refusal = null;
        for (var i = 0; refusal is null && !stopping.IsCompleted; i++)
            refusal = await Record.ExceptionAsync(() => Probe($"late{i}").Add(1));
        Assert.IsAssignableFrom<OrleansException>(refusal);
        Assert.False(inFlight.IsCompleted);
        Journal.Open("gate");
        await Eventually.Ends(Task.WhenAll(inFlight, stopping));
    }

    [Fact]
    public async Task A_call_that_does_not_end_in_time_is_given_up_and_keeps_no_other_grain_from_its_good_bye()
    {
        await Grains.GetGrain<ILifecycleGrain>("other").Touch("call");
        var stuck = Probe("stuck").WaitAt("gate", "stuck");
        await Written("begin stuck");
        var watch = Stopwatch.StartNew();
        await Eventually.Ends(Engine.StopAsync());
        Assert.InRange(watch.Elapsed, 0.9 * Limit, 4 * Limit);
        await Eventually.Fails<SiloUnavailableException>(stuck);
        Assert.Equal(1, Journal.CountOf("deactivated other: ShuttingDown"));
    }

    [Fact]
    public async Task After_the_stop_a_call_fails_and_does_not_run()
    {
        await Probe("grain").Note("before");
        var factory = Grains;
        await Eventually.Ends(Engine.StopAsync());
        await Eventually.Fails(Task.Run(() => factory.GetGrain<IProbeGrain>("grain").Note("late").AsTask()));
        Assert.Equal(["before"], Journal.Lines);
    }
}
