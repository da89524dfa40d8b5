using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>Idle collection and the bound on activations.</summary>
public sealed class CollectionTests
{
    [Fact]
    public async Task An_idle_grain_is_deactivated_and_comes_back()
    {
        await using var engine = await StartAsync();
        var grain = engine.Grains.GetGrain<ILifecycleGrain>("idle");
        await grain.Touch("call");
        await Eventually.Holds(() => engine.Journal.CountOf("deactivated idle: ActivationIdle") == 1, "the idle grain is collected");
        await grain.Touch("call");
        Assert.Equal(2, engine.Journal.CountOf("activated idle"));
    }

    [Fact]
    public async Task A_call_in_flight_keeps_its_grain()
    {
        await using var engine = await StartAsync();
        var busy = engine.Grains.GetGrain<IProbeGrain>("busy");
        var before = await busy.ActivationId();
        var holding = busy.WaitAt("gate", "holder");
        await engine.Grains.GetGrain<ILifecycleGrain>("idle").Touch("call");
        await Eventually.Holds(() => engine.Journal.CountOf("deactivated idle: ActivationIdle") == 1, "another idle grain is collected");
        engine.Journal.Open("gate");
        await Record.ExceptionAsync(() => holding);
        Assert.Equal(before, await busy.ActivationId());
    }

    [Fact]
    public async Task Only_a_timer_that_keeps_alive_keeps_its_grain()
    {
        await using var engine = await StartAsync();
        await engine.Grains.GetGrain<ITimerGrain>(Guid.NewGuid()).Start(interleave: false, failing: false, keepAlive: true, periodMs: 20);
        await engine.Grains.GetGrain<ILifecycleGrain>("idle").Touch("call");
        await Eventually.Holds(() => engine.Journal.CountOf("deactivated idle: ActivationIdle") == 1, "another idle grain is collected");
        Assert.Equal(0, engine.Journal.CountOf("timer grain deactivated"));

        await engine.Grains.GetGrain<ITimerGrain>(Guid.NewGuid()).Start(interleave: false, failing: false, keepAlive: false, periodMs: 20);
        await Eventually.Holds(() => engine.Journal.CountOf("timer grain deactivated") == 1, "the timer without KeepAlive does not keep its grain");
    }

    [Fact]
    public async Task Above_the_bound_a_new_grain_is_refused_until_idle_ones_are_gone()
    {
        await using var engine = await EngineHost.StartAsync(options => options.MaxActivations = 50);
        for (var i = 0; i < 50; i++)
            await engine.Grains.GetGrain<IProbeGrain>($"g{i}").Add(1);
        await Assert.ThrowsAsync<LimitExceededException>(() => engine.Grains.GetGrain<IProbeGrain>("one more").Add(1));
        Assert.Equal(2, await engine.Grains.GetGrain<IProbeGrain>("g49").Add(1));

        var admitted = false;
        for (var attempt = 0; attempt < 1000 && !admitted; attempt++)
        {
            await Task.Delay(5);
            var call = engine.Grains.GetGrain<IProbeGrain>("one more").Add(1);
            await Task.WhenAny(call);
            admitted = call.IsCompletedSuccessfully;
        }

        Assert.True(admitted);
    }

    private static Task<EngineHost> StartAsync() => EngineHost.StartAsync(options =>
    {
        options.CollectionAge = TimeSpan.FromMilliseconds(300);
        options.CollectionScanInterval = TimeSpan.FromMilliseconds(50);
        options.CallTimeout = TimeSpan.FromSeconds(1);
    });
}
