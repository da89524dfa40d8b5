using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>What tells the two modes of this engine apart, and what it promises beyond the contract.</summary>
public sealed class ModeTests
{
    [Theory]
    [InlineData(EngineMode.Inline)]
    [InlineData(EngineMode.Queued)]
    public async Task A_call_to_an_idle_grain_runs_on_its_callers_thread_in_the_inline_mode_only(EngineMode mode)
    {
        await using var engine = await EngineHost.StartAsync(mode, new());
        var grain = engine.Grains.GetGrain<IThreadGrain>("x");
        // A thread of its own, so that the pool cannot run a queued call on it.
        var inline = await Task.Factory.StartNew(
            () => Enumerable.Range(0, 200).Count(_ =>
            {
                var call = grain.ThreadId();
                Assert.True(SpinWait.SpinUntil(() => call.IsCompleted, TimeSpan.FromSeconds(15)));
                return call.Result == Environment.CurrentManagedThreadId;
            }),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        // Now and then the grain has not gone idle yet when the next call comes.
        Assert.True(mode == EngineMode.Inline ? inline > 100 : inline == 0, $"{inline} of 200 calls ran inline");
    }

    [Theory]
    [InlineData(EngineMode.Inline)]
    [InlineData(EngineMode.Queued)]
    public async Task Calls_that_meet_a_deactivation_keep_each_callers_order_and_none_is_refused(EngineMode mode)
    {
        const int Callers = 8;
        const int Calls = 400;
        await using var engine = await EngineHost.StartAsync(mode, new());
        await Eventually.Ends(Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var grain = engine.Grains.GetGrain<IProbeGrain>("churn");
            for (var i = 0; i < Calls; i += 4)
            {
                var burst = Enumerable.Range(i, 4).Select(n => grain.Note($"{caller}:{n}").AsTask()).ToArray();
                if (i % 20 == 0)
                    await grain.DeactivateSoon();
                await Task.WhenAll(burst);
            }
        }))));
        foreach (var lines in engine.Journal.Lines.GroupBy(line => line[..line.IndexOf(':', StringComparison.Ordinal)]))
            Assert.Equal(Enumerable.Range(0, Calls).Select(i => $"{lines.Key}:{i}"), lines);
        Assert.Equal(Callers * Calls, engine.Journal.Lines.Length);
    }

    [Fact]
    public async Task Calls_of_one_caller_to_a_grain_that_is_not_active_yet_keep_their_order()
    {
        await using var engine = await EngineHost.StartAsync();
        var grain = engine.Grains.GetGrain<ILifecycleGrain>("slow");
        var calls = Enumerable.Range(0, 100).Select(i => grain.Touch($"n{i}")).ToArray();
        engine.Journal.Open("slow");
        await Eventually.Ends(Task.WhenAll(calls));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"n{i} slow"), engine.Journal.Lines.Where(line => line.StartsWith('n')));
    }

    [Theory]
    [InlineData(EngineMode.Inline)]
    [InlineData(EngineMode.Queued)]
    public async Task A_queued_call_never_begins_once_its_caller_has_cancelled(EngineMode mode)
    {
        await using var engine = await EngineHost.StartAsync(mode, new());
        var grain = engine.Grains.GetGrain<IProbeGrain>("queued");
        var holder = grain.WaitAt("gate", "holder");
        using var source = new CancellationTokenSource();
        var queued = grain.Cancellable("ran", source.Token);
        await source.CancelAsync();
        engine.Journal.Open("gate");
        await Eventually.Fails<OperationCanceledException>(queued);
        await Eventually.Ends(holder);
        await grain.Note("after");
        Assert.Equal(["begin holder", "end holder", "after"], engine.Journal.Lines);
    }

    [Fact]
    public async Task A_tick_that_waits_when_its_timer_is_disposed_never_runs()
    {
        await using var engine = await EngineHost.StartAsync();
        var grain = engine.Grains.GetGrain<ITimerGrain>(Guid.NewGuid());
        await grain.Start(new(DueMs: 5, PeriodMs: 5));
        var stopping = grain.StopAfter("gate");
        await Eventually.Holds(() => engine.Journal.CountOf("holding") == 1, "the call runs");
        var before = await grain.Ticks();
        await engine.Grains.GetGrain<ITimerGrain>(Guid.NewGuid()).Start(new(DueMs: 5, PeriodMs: 5, Line: "other tick"));
        await Eventually.Holds(() => engine.Journal.CountOf("other tick") >= 5, "a tick is due");
        engine.Journal.Open("gate");
        await Eventually.Ends(stopping);
        await grain.Settle();
        Assert.Equal(before, await grain.Ticks());
    }

    [Fact]
    public async Task An_exception_that_escapes_from_a_turn_is_logged_and_the_grain_goes_on()
    {
        await using var engine = await EngineHost.StartAsync();
        var grain = engine.Grains.GetGrain<IThreadGrain>("x");
        await grain.ThrowIntoTheVoid();
        await Eventually.Holds(() => engine.Log.Entries.Any(entry => entry.Exception is ProbeException { Message: "void" }), "the exception is logged");
        await Eventually.Ends(grain.ThreadId());
    }

    [Fact]
    public async Task A_one_way_calls_exception_is_logged()
    {
        await using var engine = await EngineHost.StartAsync();
        await engine.Grains.GetGrain<IProbeGrain>("oneway").ForgetAndFail();
        await Eventually.Holds(() => engine.Log.Entries.Any(entry => entry.Exception?.Message == "nobody hears this"), "the exception is logged");
    }
}
