using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

public sealed class TimerTests : IAsyncLifetime
{
    private EngineHost _engine = null!;

    public async Task InitializeAsync() => _engine = await EngineHost.StartAsync();

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task A_timer_ticks_until_it_is_disposed()
    {
        var grain = Grain();
        await grain.Start(interleave: false, failing: false, keepAlive: false, periodMs: 5);
        await Eventually.Holds(() => _engine.Journal.CountOf("tick") >= 3, "three ticks");
        await grain.Stop();
        var atStop = await grain.Ticks();
        await Task.Delay(100);
        Assert.Equal(atStop, await grain.Ticks());
    }

    [Fact]
    public async Task A_tick_waits_for_the_call_in_flight()
    {
        var grain = Grain();
        await grain.Start(interleave: false, failing: false, keepAlive: false, periodMs: 5);
        var holding = grain.TicksWhileWaitingAt("gate");
        await Eventually.Holds(() => _engine.Journal.CountOf("holding") == 1, "the call runs");
        await Task.Delay(100);
        _engine.Journal.Open("gate");
        Assert.Equal(0, await Eventually.Ends(holding));
        var before = _engine.Journal.CountOf("tick");
        await Eventually.Holds(() => _engine.Journal.CountOf("tick") > before, "the timer goes on");
    }

    [Fact]
    public async Task An_interleaving_tick_does_not_wait()
    {
        var grain = Grain();
        await grain.Start(interleave: true, failing: false, keepAlive: false, periodMs: 5);
        var holding = grain.TicksWhileWaitingAt("gate");
        await Eventually.Holds(() => _engine.Journal.CountOf("holding") == 1, "the call runs");
        var before = _engine.Journal.CountOf("tick");
        await Eventually.Holds(() => _engine.Journal.CountOf("tick") > before + 2, "ticks during the call");
        _engine.Journal.Open("gate");
        Assert.True(await Eventually.Ends(holding) > 0);
    }

    [Fact]
    public async Task A_failing_tick_is_logged_and_the_timer_goes_on()
    {
        var grain = Grain();
        await grain.Start(interleave: false, failing: true, keepAlive: false, periodMs: 5);
        await Eventually.Holds(() => _engine.Journal.CountOf("tick") >= 3, "ticks after a failure");
        Assert.Contains(_engine.Log.Entries, entry => entry.Exception is ProbeException { Message: "tick" });
    }

    [Fact]
    public async Task A_timer_can_be_set_anew()
    {
        var grain = Grain();
        await grain.Start(interleave: false, failing: false, keepAlive: false, periodMs: -1);
        Assert.Equal(0, await grain.Ticks());
        await grain.Retime(dueMs: 1);
        await Eventually.Holds(() => _engine.Journal.CountOf("tick") == 1, "the tick");
    }

    private ITimerGrain Grain() => _engine.Grains.GetGrain<ITimerGrain>(Guid.NewGuid());
}
