using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>Timers of a grain.</summary>
public abstract class TimerTests(EngineMode mode) : Contract(mode)
{
    private const int Never = -1;

    [Fact]
    public async Task A_timer_ticks_until_it_is_disposed()
    {
        var grain = await Started(new(DueMs: 5, PeriodMs: 5));
        await Written("tick", times: 3);
        await grain.Stop();
        await grain.Settle();
        await StaysAt(await grain.Ticks(), grain);
    }

    [Fact]
    public async Task A_tick_may_dispose_of_its_own_timer()
    {
        var grain = await Started(new(DueMs: 5, PeriodMs: 5, DisposedAtTick: 2));
        await Written("tick", times: 2);
        await StaysAt(2, grain);
    }

    [Fact]
    public async Task A_tick_in_flight_sees_its_token_cancelled_when_its_timer_is_disposed()
    {
        var grain = await Started(new(DueMs: 5, PeriodMs: 5, Interleave: true, LastsUntilCancelled: true));
        await Written("tick");
        Assert.Equal(0, Journal.CountOf("tick cancelled"));
        await Eventually.Ends(grain.Stop());
        await Written("tick cancelled");
    }

    [Fact]
    public async Task A_timer_without_a_period_ticks_once()
    {
        var grain = await Started(new(DueMs: 5, PeriodMs: Never));
        await Written("tick");
        await StaysAt(1, grain);
    }

    [Fact]
    public async Task A_tick_waits_for_the_call_in_flight()
    {
        var grain = await Started(new(DueMs: 5, PeriodMs: 5));
        var holding = grain.TicksWhileWaitingAt("gate");
        await Written("holding");
        await OtherTicks(5);
        Journal.Open("gate");
        Assert.Equal(0, await Eventually.Ends(holding));
        var before = await grain.Ticks();
        await Written("tick", times: before + 1);
    }

    [Fact]
    public async Task A_call_waits_for_the_tick_in_flight()
    {
        var grain = await Started(new(DueMs: 5, PeriodMs: Never, LastsUntilGate: "tick"));
        await Written("tick");
        Journal.Open("call");
        var waiting = grain.TicksWhileWaitingAt("call");
        Assert.Equal(1, await grain.Ticks());
        Assert.Equal(0, Journal.CountOf("holding"));
        Assert.False(waiting.IsCompleted);
        Journal.Open("tick");
        Assert.Equal(0, await Eventually.Ends(waiting));
    }

    [Fact]
    public async Task An_interleaving_tick_does_not_wait()
    {
        var grain = await Started(new(DueMs: 5, PeriodMs: 5, Interleave: true));
        var holding = grain.TicksWhileWaitingAt("gate");
        await Written("holding");
        var before = Journal.CountOf("tick");
        await Written("tick", times: before + 3);
        Journal.Open("gate");
        Assert.True(await Eventually.Ends(holding) > 1);
    }

    [Fact]
    public async Task A_failing_tick_is_logged_and_the_timer_goes_on()
    {
        await Started(new(DueMs: 5, PeriodMs: 5, Failing: true));
        await Written("tick", times: 3);
        Assert.Contains(Engine.Log.Entries, entry => entry.Exception is ProbeException { Message: "tick" });
    }

    [Fact]
    public async Task A_timer_can_be_set_anew()
    {
        var grain = await Started(new(DueMs: Never, PeriodMs: Never));
        await OtherTicks(3);
        Assert.Equal(0, await grain.Ticks());
        await grain.Retime(dueMs: 1, periodMs: 1);
        await Written("tick", times: 3);
        await grain.Retime(dueMs: Never, periodMs: Never);
        await grain.Settle();
        await StaysAt(await grain.Ticks(), grain);
    }

    [Fact]
    public async Task A_period_begins_when_the_tick_has_ended()
    {
        var grain = await Started(new(DueMs: 1, PeriodMs: 100, Interleave: true, LastsMs: 150));
        await Written("tick", times: 4);
        // A clock may be early by a few milliseconds, and by no half.
        Assert.True(await grain.ShortestPause() > TimeSpan.FromMilliseconds(50), $"a pause of {await grain.ShortestPause()}");
    }

    [Fact]
    public async Task A_timer_ends_with_its_activation()
    {
        var grain = await Started(new(DueMs: 5, PeriodMs: 5));
        await Written("tick");
        await grain.DeactivateSoon();
        await Written("timer grain deactivated");
        var ticks = Journal.CountOf("tick");
        await OtherTicks(5);
        Assert.Equal(ticks, Journal.CountOf("tick"));
    }

    private async Task<ITimerGrain> Started(TimerPlan plan)
    {
        var grain = Grains.GetGrain<ITimerGrain>(Guid.NewGuid());
        await grain.Start(plan);
        return grain;
    }

    // Long enough for a timer of the same period to tick as often.
    private async Task OtherTicks(int times)
    {
        var line = $"tick of {Guid.NewGuid()}";
        await Started(new(DueMs: 5, PeriodMs: 5, Line: line));
        await Written(line, times);
    }

    private async Task StaysAt(int ticks, ITimerGrain grain)
    {
        await OtherTicks(10);
        Assert.Equal(ticks, await grain.Ticks());
    }
}
