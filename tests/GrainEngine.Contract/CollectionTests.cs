using System.Diagnostics;
using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>Idle collection. Ages are short and time is real, so these rules say what is collected and what stays, and never when.</summary>
public abstract class CollectionTests(EngineMode mode) : Contract(mode, new() { CollectionAge = Age, CollectionScanInterval = Age / 4 })
{
    private const int Attempts = 5;

    private static readonly TimeSpan Age = TimeSpan.FromSeconds(0.8);

    [Fact]
    public async Task An_idle_grain_is_deactivated_and_comes_back()
    {
        await Life("idle").Touch("call");
        await Written("deactivated idle: ActivationIdle");
        await Life("idle").Touch("call");
        Assert.Equal(2, Journal.CountOf("activated idle"));
    }

    [Fact]
    public async Task A_grain_in_use_stays() => await Stays(
        begin: attempt => Life($"used{attempt}").Touch("call"),
        use: attempt => Life($"used{attempt}").Touch("call"),
        goes: attempt => Journal.CountOf($"deactivating used{attempt}") > 0);

    [Fact]
    public async Task A_call_in_flight_keeps_its_grain()
    {
        var before = await Probe("busy").ActivationId();
        var holding = Probe("busy").WaitAt("gate", "holder");
        await WhileAnotherIsCollected("other");
        Journal.Open("gate");
        await Eventually.Ends(holding);
        Assert.Equal(before, await Probe("busy").ActivationId());
    }

    [Fact]
    public async Task A_timer_that_keeps_alive_keeps_its_grain() => await Stays(
        begin: _ => Grains.GetGrain<ITimerGrain>(Guid.NewGuid()).Start(new(DueMs: 50, PeriodMs: 50, KeepAlive: true)),
        use: _ => Task.CompletedTask,
        goes: attempt => Journal.CountOf("timer grain deactivated") > attempt);

    [Fact]
    public async Task Another_timer_does_not_keep_its_grain()
    {
        await Grains.GetGrain<ITimerGrain>(Guid.NewGuid()).Start(new(DueMs: 50, PeriodMs: 50));
        await Written("timer grain deactivated");
    }

    [Fact]
    public async Task A_grain_that_delays_its_deactivation_stays()
    {
        await Life("delayed").Touch("call");
        await Life("delayed").DelayDeactivation(TimeSpan.FromMinutes(1));
        await WhileAnotherIsCollected("other");
        Assert.Equal(0, Journal.CountOf("deactivating delayed"));
    }

    private ILifecycleGrain Life(string key) => Grains.GetGrain<ILifecycleGrain>(key);

    // On a machine that stalls a grain in use looks idle too, and then the attempt says nothing.
    private async Task Stays(Func<int, Task> begin, Func<int, Task> use, Func<int, bool> goes)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            await begin(attempt);
            var stall = await WhileAnotherIsCollected($"other{attempt}", () => use(attempt));
            if (!goes(attempt))
                return;
            Assert.True(stall > Age / 2, $"The grain went, and the longest pause was {stall}.");
        }

        Assert.Fail("The machine stalled in every attempt.");
    }

    /// <summary>Two ages and until another grain was collected in the meantime; answers the longest time between two uses.</summary>
    private async Task<TimeSpan> WhileAnotherIsCollected(string other, Func<Task>? use = null)
    {
        var watch = Stopwatch.StartNew();
        var (last, longest) = (TimeSpan.Zero, TimeSpan.Zero);
        await Life(other).Touch("call");
        while (Journal.CountOf($"deactivated {other}: ActivationIdle") == 0 || watch.Elapsed < 2 * Age)
        {
            Assert.True(watch.Elapsed < 25 * Age, "The other grain was not collected.");
            await (use?.Invoke() ?? Task.CompletedTask);
            await Task.Delay(Age / 16);
            (last, longest) = (watch.Elapsed, watch.Elapsed - last > longest ? watch.Elapsed - last : longest);
        }

        return longest;
    }
}
