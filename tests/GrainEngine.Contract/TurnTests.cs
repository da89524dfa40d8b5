using System.Diagnostics;
using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

public abstract class TurnTests(bool inline) : IAsyncLifetime
{
    private EngineHost _engine = null!;

    public async Task InitializeAsync() => _engine = await EngineHost.StartAsync(options =>
    {
        options.CallTimeout = TimeSpan.FromSeconds(20);
        options.InlineCalls = inline;
    });

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Calls_of_a_grain_do_not_mix_across_awaits()
    {
        const int Callers = 32;
        const int Calls = 100;
        var work = Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < Calls; i++)
                await Probe("mix").AddSlowly(hops: i % 4);
        }));
        await Eventually.Ends(Task.WhenAll(work));
        Assert.Equal(Callers * Calls, await Probe("mix").Peek());
    }

    [Fact]
    public async Task Turns_of_a_reentrant_grain_never_overlap()
    {
        var grain = _engine.Grains.GetGrain<IReentrantGrain>(1);
        var overlapped = await Eventually.Ends(Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => grain.AddBetweenHops(500)))));
        Assert.DoesNotContain(true, overlapped);
        Assert.Equal(32 * 500, await grain.Sum());
    }

    [Fact]
    public async Task Calls_of_an_ordinary_grain_run_one_after_another()
    {
        var grain = Probe("serial");
        var first = grain.WaitAt("first", "one");
        var second = grain.WaitAt("second", "two");
        await Eventually.Holds(() => _engine.Journal.CountOf("begin one") == 1, "the first call runs");
        _engine.Journal.Open("second");
        Assert.Equal(0, _engine.Journal.CountOf("begin two"));
        _engine.Journal.Open("first");
        await Eventually.Ends(Task.WhenAll(first, second));
        Assert.Equal(["begin one", "end one", "begin two", "end two"], _engine.Journal.Lines);
    }

    [Fact]
    public async Task Calls_of_a_reentrant_grain_overlap_between_awaits()
    {
        var grain = _engine.Grains.GetGrain<IReentrantGrain>(2);
        var calls = Task.WhenAll(grain.WaitAt("gate", "one"), grain.WaitAt("gate", "two"));
        await Eventually.Holds(() => _engine.Journal.CountOf("begin one") + _engine.Journal.CountOf("begin two") == 2, "both calls run");
        _engine.Journal.Open("gate");
        await Eventually.Ends(calls);
    }

    [Fact]
    public async Task An_always_interleaving_call_overtakes_those_that_wait()
    {
        var grain = Probe("interleave");
        var holding = grain.WaitAt("gate", "holder");
        var waiting = grain.Add(1);
        Assert.Equal(0, await Eventually.Ends(grain.Peek()));
        Assert.False(waiting.IsCompleted);
        _engine.Journal.Open("gate");
        await Eventually.Ends(Task.WhenAll(holding, waiting));
        Assert.Equal(1, await grain.Peek());
    }

    [Fact]
    public async Task Read_only_calls_overlap_each_other_and_no_writer()
    {
        var grain = Probe("readers");
        var readers = Task.WhenAll(grain.ReadAt("gate", "one"), grain.ReadAt("gate", "two"));
        await Eventually.Holds(() => _engine.Journal.CountOf("begin two") == 1, "both readers run");
        var writer = grain.Add(1);
        Assert.Equal(0, await grain.Peek());
        Assert.False(writer.IsCompleted);
        _engine.Journal.Open("gate");
        await Eventually.Ends(readers);
        Assert.Equal(1, await Eventually.Ends(writer));
    }

    [Fact]
    public async Task A_call_chain_may_reenter_when_it_says_so()
    {
        Assert.Equal(1, await Eventually.Ends(Probe("chain").CallSelfReentrantly()));
        Assert.Equal(2, await Eventually.Ends(Probe("chain").CallSelfReentrantly()));
    }

    [Fact]
    public async Task No_wake_up_is_lost_under_stress()
    {
        // Each call goes pending, so every one of them ends by a wake-up; a lost one hangs its caller until the deadline.
        var grains = Enumerable.Range(0, 3).Select(i => Probe($"stress{i}")).ToArray();
        var until = DateTime.UtcNow.AddSeconds(2);
        var calls = await Eventually.Ends(Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            var made = 0;
            for (; DateTime.UtcNow < until; made++)
            {
                await grains[(caller + made) % grains.Length].AddSlowly(hops: 1 + (made & 1));
                if ((made & 7) == 0)
                    await Task.Yield();
            }

            return made;
        }))));
        var sums = await Task.WhenAll(grains.Select(grain => grain.Peek()));
        Assert.Equal(calls.Sum(), sums.Sum());
    }

    [Fact]
    public async Task No_wake_up_is_lost_when_a_call_arrives_as_the_grain_goes_idle()
    {
        // One caller per grain, so nobody else's call would wake it; it spins for the answer and sends the next call in the moment in which the grain lets go.
        // The pause before it sweeps over that moment.
        var calls = await Eventually.Ends(Task.Factory.StartNew(
            () =>
            {
                var grain = Probe("edge");
                var watch = Stopwatch.StartNew();
                var made = 0;
                for (; watch.ElapsedMilliseconds < 1500; made++)
                {
                    Thread.SpinWait(made % 64);
                    var call = grain.AddSlowly(hops: made & 1);
                    if (!SpinWait.SpinUntil(() => call.IsCompleted, TimeSpan.FromSeconds(8)))
                        return -made;
                }

                return made;
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));
        Assert.True(calls > 0, $"call {-calls} was never answered");
        Assert.Equal(calls, await Probe("edge").Peek());
    }

    private IProbeGrain Probe(string key) => _engine.Grains.GetGrain<IProbeGrain>(key);
}

public sealed class InlineTurnTests() : TurnTests(inline: true);

public sealed class QueuedTurnTests() : TurnTests(inline: false);
