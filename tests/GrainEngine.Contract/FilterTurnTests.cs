using OrleansPayments.GrainEngine.Contract.Filters;
using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>Call filters and the rules of turns, one-way calls, timers, timeouts and tokens.</summary>
public abstract class FilterTurnTests(EngineMode mode) : FilteredEngine(mode)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_goes_on_one_at_a_time(bool incoming)
    {
        async Task Twice(IGrainCallContext context)
        {
            var first = context.Invoke();
            await Assert.ThrowsAsync<InvalidOperationException>(context.Invoke);
            Engine.Journal.Open("gate");
            await first;
        }

        if (incoming)
            Script.OnIncoming(nameof(IProbeGrain.WaitAt), Twice);
        else
            Script.OnOutgoing(nameof(IProbeGrain.WaitAt), Twice);
        await Eventually.Ends(Engine.Grains.GetGrain<IProbeGrain>("twice").WaitAt("gate", "once"));
        Assert.Equal(["begin once", "end once"], Engine.Journal.Lines);
    }

    [Fact]
    public async Task A_waiting_filter_keeps_other_calls_out()
    {
        Script.OnIncoming(nameof(IFilteredGrain.Echo), async context =>
        {
            if ((string)context.Request.GetArgument(0)! == "one")
            {
                Engine.Journal.Write("filter waits");
                await Engine.Journal.Opened("gate");
            }

            await context.Invoke();
        });
        var first = Grain("held").Echo("one");
        await Eventually.Holds(() => Engine.Journal.CountOf("filter waits") == 1, "the filter runs");
        var second = Grain("held").Echo("two");
        Assert.False(second.IsCompleted);
        Engine.Journal.Open("gate");
        await Eventually.Ends(Task.WhenAll(first, second));
        Assert.Equal(["filter waits", "echo one", "echo two"], Engine.Journal.Lines);
    }

    [Fact]
    public async Task Filters_run_in_the_turns_of_their_grain()
    {
        // Plain variables, touched by overlapping calls of a reentrant grain: only turns keep them right.
        var (inside, sum, overlapped) = (0, 0, false);
        Script.OnIncoming(nameof(IReentrantGrain.AddBetweenHops), async context =>
        {
            for (var i = 0; i < 200; i++)
            {
                overlapped |= ++inside != 1;
                sum++;
                Thread.SpinWait(20);
                inside--;
                await Task.Yield();
            }

            await context.Invoke();
        });
        var grain = Engine.Grains.GetGrain<IReentrantGrain>(9);
        var mixed = await Eventually.Ends(Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => grain.AddBetweenHops(50)))));
        Assert.DoesNotContain(true, mixed);
        Assert.False(overlapped);
        Assert.Equal((16 * 200, 16 * 50), (sum, await grain.Sum()));
    }

    [Fact]
    public async Task Request_context_set_by_filters_reaches_the_grain_and_does_not_come_back()
    {
        Script.OnOutgoing(nameof(IFilteredGrain.ContextValue), context =>
        {
            RequestContext.Set("trace", "sent");
            return context.Invoke();
        });
        Assert.Equal("sent", await Grain("context").ContextValue("trace"));
        Script.OnIncoming(nameof(IFilteredGrain.ContextValue), async context =>
        {
            await Task.Yield();
            RequestContext.Set("trace", RequestContext.Get("trace") + " and received");
            await context.Invoke();
        });
        Assert.Equal("sent and received", await Grain("context").ContextValue("trace"));
        Assert.Null(RequestContext.Get("trace"));
    }

    [Fact]
    public async Task A_filter_lets_a_call_chain_reenter_its_grain()
    {
        Script.OnIncoming(nameof(IFilteredGrain.EchoOfSelf), async context =>
        {
            using var section = RequestContext.AllowCallChainReentrancy();
            await context.Invoke();
        });
        Assert.Equal("inner", await Eventually.Ends(Grain("reentrant").EchoOfSelf("inner")));
    }

    [Fact]
    public async Task The_caller_of_a_one_way_call_hears_of_its_own_filters_and_not_of_the_grains()
    {
        await Grain("one way").Forget("own");
        await Eventually.Holds(() => Engine.Journal.CountOf("first incoming after") == 1, "the call passed its filters");
        Assert.Equal(1, Engine.Journal.CountOf("first outgoing before"));

        Script.OnOutgoing(nameof(IFilteredGrain.Forget), _ => throw new ProbeException("out", 1));
        await Assert.ThrowsAsync<ProbeException>(() => Grain("one way").Forget("never sent"));
        Script.OnOutgoing("", context => context.Invoke());
        Script.OnIncoming(nameof(IFilteredGrain.Forget), _ => throw new ProbeException("in", 1));
        await Grain("one way").Forget("never received");
        Assert.Equal("after", await Grain("one way").Echo("after"));
        Assert.Equal(0, Engine.Journal.CountOf("echo never sent") + Engine.Journal.CountOf("echo never received"));
    }

    [Fact]
    public async Task A_timers_tick_is_an_incoming_call()
    {
        Script.OnIncoming("InvokeCallbackAsync", async context =>
        {
            await context.Invoke();
            if (Engine.Journal.CountOf("seen") < 3 && Engine.Journal.CountOf("tick") > 0 && context.Request.GetArgumentCount() == 0
                && context.TargetId.Equals(Grain("ticking").GetGrainId()) && context.SourceId.Equals(context.TargetId)
                && context.InterfaceMethod.Name == context.ImplementationMethod.Name.Split('.')[^1] && context.Grain is FilteredGrain)
                Engine.Journal.Write("seen");
        });
        await Grain("ticking").Tick();
        await Eventually.Holds(() => Engine.Journal.CountOf("seen") == 3, "three ticks passed the filter");
    }

    [Fact]
    public async Task A_waiting_filter_does_not_make_its_caller_wait_for_longer()
    {
        Script.OnIncoming(nameof(IFilteredGrain.EchoInTime), async context =>
        {
            await Engine.Journal.Opened("gate");
            await context.Invoke();
        });
        await Assert.ThrowsAsync<TimeoutException>(() => Eventually.Ends(Grain("late").EchoInTime("late", CancellationToken.None)));
        Engine.Journal.Open("gate");
        await Eventually.Holds(() => Engine.Journal.CountOf("echo late") == 1, "the call went on");
    }

    [Fact]
    public async Task A_cancelled_call_ends_for_its_caller_and_its_filter_sees_the_token()
    {
        using var source = new CancellationTokenSource();
        Script.OnIncoming(nameof(IProbeGrain.WaitForCancellation), async context =>
        {
            try
            {
                Engine.Journal.Write("filter waits");
                await Task.Delay(Timeout.Infinite, context.Request.GetCancellationToken());
            }
            catch (OperationCanceledException)
            {
                Engine.Journal.Write("filter saw it");
                throw;
            }
        });
        var call = Engine.Grains.GetGrain<IProbeGrain>("cancelled").WaitForCancellation(source.Token);
        await Eventually.Holds(() => Engine.Journal.CountOf("filter waits") == 1, "the filter runs");
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.Ends(call));
        await Eventually.Holds(() => Engine.Journal.CountOf("filter saw it") == 1, "the filter saw the token");
    }

    [Fact]
    public async Task A_call_that_is_cancelled_while_it_waits_never_reaches_the_incoming_filters()
    {
        using var source = new CancellationTokenSource();
        Script.OnIncoming(nameof(IProbeGrain.Cancellable), context =>
        {
            Engine.Journal.Write("filtered");
            return context.Invoke();
        });
        using var holding = new CancellationTokenSource();
        var grain = Probe("queued");
        var holder = grain.WaitForCancellation(holding.Token);
        await Written("waiting");
        var queued = grain.Cancellable("ran", source.Token);
        await grain.Peek();
        await source.CancelAsync();
        await Eventually.Fails<OperationCanceledException>(queued);

        // Cancellations reach the grain in their order, though not always at once: with the holder's, the other has arrived too.
        await holding.CancelAsync();
        await Written("cancelled");
        await grain.Note("after");
        Assert.Equal((0, 0), (Journal.CountOf("filtered"), Journal.CountOf("ran")));
        await Eventually.Fails<OperationCanceledException>(holder);
    }
}
