using Orleans.Simulation;

namespace OrleansPayments.Simulation.Loop;

/// <summary>The embedded engine's deterministic mode by itself.</summary>
public sealed class DeterministicModeTests
{
    [Fact]
    public void The_same_seed_gives_the_same_order_and_another_seed_another()
    {
        var orders = Enumerable.Range(0, 20).Select(seed => string.Join(' ', Race((ulong)seed).Lines)).ToList();
        Assert.Equal(orders, Enumerable.Range(0, 20).Select(seed => string.Join(' ', Race((ulong)seed).Lines)));
        Assert.True(orders.Distinct().Count() > 15, "The seed hardly changes the order.");
        Assert.Equal(20, Enumerable.Range(0, 20).Select(seed => Race((ulong)seed).Hash).Distinct().Count());
    }

    [Fact]
    public void Turns_of_different_grains_come_in_between_each_other()
    {
        // Each grain's own lines do not mix, because its calls do not overlap.
        var mixed = Enumerable.Range(0, 20).Count(seed =>
        {
            var lines = Race((ulong)seed).Lines;
            return lines.IndexOf("begin b0") < lines.IndexOf("end a3") && lines.IndexOf("begin a0") < lines.IndexOf("end b3");
        });
        Assert.True(mixed > 5, $"Only in {mixed} of 20 runs.");
    }

    [Fact]
    public void Calls_to_a_grain_that_is_not_active_yet_arrive_in_any_order_and_to_an_active_one_in_theirs()
    {
        var cold = Enumerable.Range(0, 20).Count(seed => Order((ulong)seed, warm: false) != "0 1 2 3 4 5");
        var warm = Enumerable.Range(0, 20).Count(seed => Order((ulong)seed, warm: true) != "0 1 2 3 4 5");
        Assert.True(cold > 15, $"Only {cold} of 20 bursts were out of order.");
        Assert.Equal(0, warm);
    }

    [Fact]
    public async Task Virtual_time_passes_only_when_nothing_else_can_happen_and_costs_none()
    {
        using var engine = new SimulatedEngine(new SimulationLoop(7));
        var real = System.Diagnostics.Stopwatch.StartNew();
        await engine.Run(async () =>
        {
            await Task.WhenAll(engine.Grain("late").WriteAfter("29 s", TimeSpan.FromSeconds(29)), engine.Grain("soon").WriteAfter("1 s", TimeSpan.FromSeconds(1)));
            Assert.Equal(TimeSpan.FromSeconds(29), engine.Loop.Elapsed);
        });
        Assert.Equal(["1 s", "29 s"], engine.Lines.Written);
        Assert.True(real.Elapsed < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_steady_stream_of_new_grains_finds_room_before_the_bound_is_reached()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            using var engine = new SimulatedEngine(new SimulationLoop((ulong)seed), maxActivations: 64);
            await engine.Run(async () =>
            {
                // Ten times as many grains as there may be, each idle as soon as it has answered.
                for (var n = 0; n < 640; n++) await engine.Grain($"{n}").Walk($"{n}", 0);
            });
            Assert.Equal(2 * 640, engine.Lines.Written.Count);
        }
    }

    [Fact]
    public async Task Nothing_of_a_killed_process_runs_again()
    {
        using var engine = new SimulatedEngine(new SimulationLoop(1));
        Task? call = null;
        engine.Loop.Outside.Run("client", () => call = engine.Grain("a").WriteAfter("too late", TimeSpan.FromSeconds(1)));
        engine.Loop.RunUntil(() => engine.Loop.Elapsed >= TimeSpan.FromMilliseconds(500), 1000, TimeSpan.FromMilliseconds(600));
        engine.Process.Kill();
        Assert.Equal(SimulationEnd.Stalled, engine.Loop.RunUntil(() => false, 1000, TimeSpan.FromHours(1)));
        Assert.False(call!.IsCompleted);
        Assert.Empty(engine.Lines.Written);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_circle_of_calls_is_seen_as_soon_as_nothing_else_can_happen_and_ends_in_an_error()
    {
        using var engine = new SimulatedEngine(new SimulationLoop(3));
        var seen = new List<(TimeSpan At, string Cycle)>();
        engine.Loop.WhenIdle = () => seen.AddRange(engine.Grains.CallsInCycles().Select(cycle => (engine.Loop.Elapsed, cycle)));
        await Assert.ThrowsAsync<TimeoutException>(() => engine.Run(() => engine.Grain("a").CallInACircle("b")));
        Assert.InRange(engine.Loop.Elapsed, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(38));
        Assert.Equal(TimeSpan.Zero, seen[0].At);
        Assert.Contains("step/b → step/a", seen[0].Cycle, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Task.Run")]
    [InlineData("a real delay")]
    [InlineData("a thread of its own")]
    [InlineData("ConfigureAwait(false)")]
    public async Task What_leaves_the_simulations_thread_fails_the_run(string way)
    {
        using var engine = new SimulatedEngine(new SimulationLoop(5));
        engine.Loop.WhenIdle = engine.Lines.Idle.Set;
        // Tests that run beside this one may leave the pool no thread for a while.
        var escape = await Assert.ThrowsAsync<SimulationEscapeException>(() => engine.Run(() => engine.Grain("a").Leave(way), escapes: TimeSpan.FromSeconds(30)));
        Assert.Contains("thread", escape.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_leaves_and_never_comes_back_is_seen_in_the_pools_counters()
    {
        var guard = new SimulationGuard();
        await Task.Run(() => { });

        // It counts once its thread is done with it, and that may be after this goes on.
        Assert.True(SpinWait.SpinUntil(() => Record.Exception(guard.Verify) is SimulationEscapeException, TimeSpan.FromSeconds(10)));
    }

    private static (List<string> Lines, ulong Hash) Race(ulong seed)
    {
        using var engine = new SimulatedEngine(new SimulationLoop(seed));
        var work = engine.Run(() => Task.WhenAll(
            from n in Enumerable.Range(0, 4)
            from grain in new[] { "a", "b" }
            select engine.Grain(grain).Walk($"{grain}{n}", n)));
        Assert.True(work.IsCompletedSuccessfully);
        return (engine.Lines.Written, engine.Loop.Trace.Hash);
    }

    private static string Order(ulong seed, bool warm)
    {
        using var engine = new SimulatedEngine(new SimulationLoop(seed));
        var work = engine.Run(async () =>
        {
            if (warm) await engine.Grain("a").Walk("warm", 0);
            await Task.WhenAll(Enumerable.Range(0, 6).Select(n => engine.Grain("a").Walk($"{n}", 0)));
        });
        Assert.True(work.IsCompletedSuccessfully);
        return string.Join(' ', engine.Lines.Written.Where(line => line.StartsWith("begin ", StringComparison.Ordinal) && !line.EndsWith("warm", StringComparison.Ordinal)).Select(line => line["begin ".Length..]));
    }
}
