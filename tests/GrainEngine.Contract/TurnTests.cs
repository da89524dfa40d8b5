using System.Diagnostics;
using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>Turns never overlap, and which calls may begin while another is in flight.</summary>
public abstract class TurnTests(EngineMode mode) : Contract(mode)
{
    [Fact]
    public async Task Turns_without_an_await_never_overlap()
    {
        var overlapped = await FromManyThreads(32, 200, _ => Probe("watched").AddAndWatch());
        Assert.DoesNotContain(true, overlapped);
        Assert.Equal(32 * 200, await Probe("watched").Peek());
    }

    [Fact]
    public async Task Calls_do_not_mix_across_awaits()
    {
        await FromManyThreads(32, 100, async i =>
        {
            await Probe("mix").AddSlowly(hops: i % 4);
            return true;
        });
        Assert.Equal(32 * 100, await Probe("mix").Peek());
    }

    [Fact]
    public async Task Turns_of_a_reentrant_grain_never_overlap()
    {
        var grain = Grains.GetGrain<IReentrantGrain>(1);
        Assert.DoesNotContain(true, await FromManyThreads(32, 1, _ => grain.AddBetweenHops(500)));
        Assert.Equal(32 * 500, await grain.Sum());
    }

    [Fact]
    public async Task Calls_of_an_ordinary_grain_run_one_after_another()
    {
        var grain = Probe("serial");
        var first = grain.WaitAt("first", "one");
        await Written("begin one");
        var second = grain.WaitAt("second", "two");
        Journal.Open("second");
        await grain.Peek();
        Assert.Equal(0, Journal.CountOf("begin two"));
        Journal.Open("first");
        await Eventually.Ends(Task.WhenAll(first, second));
        Assert.Equal(["begin one", "end one", "begin two", "end two"], Journal.Lines);
    }

    [Fact]
    public async Task Calls_of_a_reentrant_grain_overlap_between_awaits()
    {
        var grain = Grains.GetGrain<IReentrantGrain>(2);
        var calls = Task.WhenAll(grain.WaitAt("gate", "one"), grain.WaitAt("gate", "two"));
        await Written("begin one");
        await Written("begin two");
        Journal.Open("gate");
        await Eventually.Ends(calls);
    }

    [Fact]
    public async Task An_always_interleaving_call_overtakes_those_that_wait()
    {
        var grain = Probe("interleave");
        var holding = grain.WaitAt("gate", "holder");
        await Written("begin holder");
        var waiting = grain.Add(1);
        Assert.Equal(0, await Eventually.Ends(grain.Peek()));
        Assert.False(waiting.IsCompleted);
        Journal.Open("gate");
        await Eventually.Ends(Task.WhenAll(holding, waiting));
        Assert.Equal(1, await grain.Peek());
    }

    [Fact]
    public async Task Read_only_calls_overlap_each_other_and_no_writer()
    {
        var grain = Probe("readers");
        var readers = Task.WhenAll(grain.ReadAt("gate", "one"), grain.ReadAt("gate", "two"));
        await Written("begin one");
        await Written("begin two");
        var writer = grain.Add(1);
        Assert.Equal(0, await grain.Peek());
        Assert.False(writer.IsCompleted);
        Journal.Open("gate");
        await Eventually.Ends(readers);
        Assert.Equal(1, await Eventually.Ends(writer));
    }

    [Fact]
    public async Task A_read_only_call_waits_for_a_writer()
    {
        var grain = Probe("readers");
        var writer = grain.WaitAt("writing", "writer");
        await Written("begin writer");
        var reader = grain.ReadAt("reading", "reader");
        await grain.Peek();
        Journal.Open("writing");
        Journal.Open("reading");
        await Eventually.Ends(Task.WhenAll(writer, reader));
        Assert.Equal(["begin writer", "end writer", "begin reader", "end reader"], Journal.Lines);
    }

    [Theory]
    [InlineData(Hop.Yield)]
    [InlineData(Hop.WhenAll)]
    [InlineData(Hop.WhenAny)]
    [InlineData(Hop.Delay)]
    [InlineData(Hop.Semaphore)]
    [InlineData(Hop.OtherThread)]
    [InlineData(Hop.AnotherGrain)]
    public async Task After_an_await_a_grain_goes_on_in_its_turn(Hop hop)
    {
        for (var i = 0; i < 20; i++)
            Assert.True(await Eventually.Ends(Grains.GetGrain<IHopGrain>("hops").IsInTurnAfter(hop)));
    }

    [Fact]
    public async Task Outside_its_turn_a_grain_cannot_start_a_timer() =>
        Assert.False(await Grains.GetGrain<IHopGrain>("hops").IsInTurnOnOtherThread());

    [Fact]
    public async Task No_wake_up_is_lost_under_stress()
    {
        // Each call goes pending, so every one of them ends by a wake-up; a lost one hangs its caller until the deadline.
        var grains = Enumerable.Range(0, 3).Select(i => Probe($"stress{i}")).ToArray();
        var watch = Stopwatch.StartNew();
        var calls = await FromManyThreads(16, 1, async caller =>
        {
            var made = 0;
            for (; watch.ElapsedMilliseconds < 1500; made++)
            {
                await grains[(caller + made) % grains.Length].AddSlowly(hops: 1 + (made & 1));
                if ((made & 7) == 0)
                    await Task.Yield();
            }

            return made;
        });
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

    // Every caller makes its calls one after another; all callers at once.
    private static async Task<T[]> FromManyThreads<T>(int callers, int calls, Func<int, Task<T>> call)
    {
        var results = await Eventually.Ends(Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var own = new T[calls];
            for (var i = 0; i < calls; i++)
                own[i] = await call(caller + i);
            return own;
        }))));
        return [.. results.SelectMany(own => own)];
    }
}
