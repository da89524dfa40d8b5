using System.Reflection;
using OrleansPayments.GrainEngine.Contract.Filters;
using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>What call filters see of a call and what they may change.</summary>
public abstract class FilterTests(EngineMode mode) : FilteredEngine(mode)
{
    [Fact]
    public async Task Filters_run_in_the_order_of_registration_and_the_grains_own_comes_last()
    {
        await Grain("order").EchoSlowly("own");
        Assert.Equal(
            [
                "first outgoing before", "second outgoing before", "first incoming before", "second incoming before", "grain before", "echo own",
                "grain after", "second incoming after", "first incoming after", "second outgoing after", "first outgoing after",
            ],
            Engine.Journal.Lines);
    }

    [Fact]
    public async Task An_incoming_filter_knows_the_call()
    {
        IIncomingGrainCallContext? seen = null;
        MethodInfo? declared = null, implemented = null;
        var said = "";
        Script.OnIncoming(nameof(IFilteredGrain.EchoInTime), async context =>
        {
            (seen, declared, implemented) = (context, context.InterfaceMethod, context.ImplementationMethod);
            said = $"{context.Request.GetMethodName()} {context.Request.GetArgumentCount()} {context.Request.GetArgument(0)} {context.Request.GetArgument(1)?.GetType().Name}";
            Assert.Null(context.Response);
            await context.Invoke();
        });
        await Grain("callee").EchoInTime("text", CancellationToken.None);
        Assert.Equal("EchoInTime 2 text CancellationToken", said);
        Assert.Equal(Grain("callee").GetGrainId(), seen!.TargetId);
        Assert.Equal(seen.TargetId, seen.TargetContext.GrainId);
        Assert.Equal(("EchoInTime", typeof(IFilteredGrain).FullName), (seen.MethodName, seen.InterfaceName));
        Assert.Equal(typeof(IFilteredGrain).GetMethod(nameof(IFilteredGrain.EchoInTime)), declared);
        Assert.Equal(typeof(FilteredGrain).GetMethod(nameof(FilteredGrain.EchoInTime)), implemented);
        Assert.False(seen.InterfaceType.IsDefault);
        Assert.IsType<FilteredGrain>(seen.Grain);
        Assert.Equal("text", seen.Result);
        Assert.Null(seen.Response!.Exception);
    }

    [Fact]
    public async Task Filters_know_the_grain_that_calls()
    {
        GrainId? incoming = null, outgoing = null, context = null;
        Script.OnIncoming(nameof(IFilteredGrain.Echo), call =>
        {
            incoming = call.SourceId;
            return call.Invoke();
        });
        Script.OnOutgoing(nameof(IFilteredGrain.Echo), call =>
        {
            (outgoing, context) = (call.SourceId, call.SourceContext?.GrainId);
            return call.Invoke();
        });
        // Warm, so that the second call may run on its caller's thread.
        await Grain("caller").EchoOf("callee", "cold");
        (incoming, outgoing, context) = (null, null, null);
        await Grain("caller").EchoOf("callee", "text");
        var caller = Grain("caller").GetGrainId();
        Assert.Equal((caller, caller, caller), (incoming, outgoing, context));
        await Grain("callee").Echo("from outside");
        Assert.Equal((null, null), (outgoing, context));
        Assert.NotEqual(caller, incoming);
    }

    [Fact]
    public async Task An_outgoing_filter_knows_the_call()
    {
        IOutgoingGrainCallContext? seen = null;
        MethodInfo? declared = null;
        Script.OnOutgoing(nameof(IFilteredGrain.Echo), async context =>
        {
            (seen, declared) = (context, context.InterfaceMethod);
            await context.Invoke();
            Assert.Equal("text", context.Result);
        });
        await Grain("callee").Echo("text");
        Assert.Equal(Grain("callee").GetGrainId(), seen!.TargetId);
        Assert.Equal(Grain("callee"), Assert.IsAssignableFrom<IFilteredGrain>(seen.Grain));
        Assert.Equal(("Echo", typeof(IFilteredGrain).FullName), (seen.MethodName, seen.InterfaceName));
        Assert.Equal(typeof(IFilteredGrain).GetMethod(nameof(IFilteredGrain.Echo)), declared);
        Assert.False(seen.InterfaceType.IsDefault);
    }

    [Fact]
    public async Task Filters_change_arguments_and_results_at_both_ends()
    {
        Script.OnOutgoing(nameof(IFilteredGrain.EchoSlowly), context => ChangeAsync(context, "out"));
        Script.OnIncoming(nameof(IFilteredGrain.EchoSlowly), context => ChangeAsync(context, "in"));
        Assert.Equal("a(out)(in)[in][out]", await Grain("changed").EchoSlowly("a"));
        Assert.Equal(1, Engine.Journal.CountOf("echo a(out)(in)"));

        static async Task ChangeAsync(IGrainCallContext context, string end)
        {
            context.Request.SetArgument(0, $"{context.Request.GetArgument(0)}({end})");
            await context.Invoke();
            context.Result = $"{context.Result}[{end}]";
        }
    }

    [Fact]
    public async Task An_exception_passes_filters_and_may_be_replaced()
    {
        Exception? seen = null;
        Script.OnIncoming(nameof(IFilteredGrain.Fail), async context =>
        {
            seen = await Assert.ThrowsAsync<ProbeException>(context.Invoke);
            throw new ProbeException("replaced", 2);
        });
        var thrown = await Assert.ThrowsAsync<ProbeException>(() => Grain("failing").Fail("original"));
        Assert.Equal(("original", "replaced", 2), (seen!.Message, thrown.Message, thrown.Code));
    }

    [Fact]
    public async Task A_swallowed_exception_is_gone_when_a_result_takes_its_place_and_only_then()
    {
        Script.OnIncoming(nameof(IFilteredGrain.FailOnce), async context =>
        {
            await Assert.ThrowsAsync<ProbeException>(context.Invoke);
            Assert.IsType<ProbeException>(context.Response!.Exception);
            Assert.Null(context.Result);
            if ((string)context.Request.GetArgument(0)! == "with a result")
                context.Result = "rescued";
        });
        Assert.Equal("rescued", await Grain("rescued").FailOnce("with a result"));
        await Assert.ThrowsAsync<ProbeException>(() => Grain("lost").FailOnce("without one"));

        Script.OnOutgoing(nameof(IFilteredGrain.Fail), async context => await Assert.ThrowsAsync<ProbeException>(context.Invoke));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Grain("lost").Fail("swallowed by the sender"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_filter_that_does_not_let_a_call_go_on_answers_in_its_place(bool incoming)
    {
        Task Answer(IGrainCallContext context)
        {
            if ((string)context.Request.GetArgument(0)! == "answered")
                context.Result = "by the filter";
            return Task.CompletedTask;
        }

        if (incoming)
            Script.OnIncoming(nameof(IFilteredGrain.Echo), Answer);
        else
            Script.OnOutgoing(nameof(IFilteredGrain.Echo), Answer);
        Assert.Equal("by the filter", await Grain("stopped").Echo("answered"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Grain("stopped").Echo("not answered"));
        Assert.Empty(Engine.Journal.Lines);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_filter_repeats_a_call_by_letting_it_go_on_again(bool incoming)
    {
        static async Task Retry(IGrainCallContext context)
        {
            try
            {
                await context.Invoke();
            }
            catch (ProbeException)
            {
                context.Request.SetArgument(0, "again");
                await context.Invoke();
            }
        }

        if (incoming)
            Script.OnIncoming(nameof(IFilteredGrain.FailOnce), Retry);
        else
            Script.OnOutgoing(nameof(IFilteredGrain.FailOnce), Retry);
        Assert.Equal("again", await Grain("retried").FailOnce("once"));
        Assert.Equal(["trying once", "trying again"], Engine.Journal.Lines);
    }
}
