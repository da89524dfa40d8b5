using System.Diagnostics;
using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>What flows from a caller into a grain: the request context, and nothing else.</summary>
public abstract class ContextTests(EngineMode mode) : Contract(mode)
{
    [Fact]
    public async Task Request_context_flows_into_a_grain_and_on_to_the_next()
    {
        RequestContext.Set("trace", "t-1");
        Assert.Equal("t-1", await Context("a").Value("trace"));
        Assert.Equal("t-1", await Context("a").ValueSeenBy("b", "trace"));
        RequestContext.Clear();
        Assert.Null(await Context("a").Value("trace"));
        Assert.Null(await Context("a").ValueSeenBy("b", "trace"));
    }

    [Fact]
    public async Task Request_context_does_not_flow_back()
    {
        await Context("a").SetValue("new", "from the grain");
        Assert.Null(RequestContext.Get("new"));
        RequestContext.Set("trace", "t-1");
        await Context("a").SetValue("trace", "changed");
        Assert.Equal("t-1", RequestContext.Get("trace"));
        Assert.Equal("t-1", await Context("a").Value("trace"));
        RequestContext.Clear();
    }

    [Fact]
    public async Task A_timer_does_not_see_the_request_context_of_the_call_that_started_it()
    {
        RequestContext.Set("trace", "t-1");
        await Context("a").WriteValueInTimer("trace");
        RequestContext.Clear();
        await Eventually.Holds(() => Journal.Lines.Length == 1, "the tick");
        Assert.Equal(["timer sees nothing"], Journal.Lines);
    }

    [Fact]
    public async Task Ambient_values_flow_neither_in_nor_back_nor_to_the_next_call()
    {
        ContextGrain.Ambient.Value = "from the caller";
        for (var i = 0; i < 5; i++)
        {
            Assert.Null(await Context("a").ExchangeAmbient("from the grain"));
            Assert.Equal("from the caller", ContextGrain.Ambient.Value);
        }

        // Many at once, so that some run one after another on the same thread.
        var burst = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Context("a").ExchangeAmbient("from the grain")));
        Assert.All(burst, Assert.Null);
    }

    [Fact]
    public async Task The_callers_activity_does_not_flow()
    {
        using var activity = new Activity("the caller's").Start();
        for (var i = 0; i < 5; i++)
        {
            Assert.False(await Context("a").IsWithinActivity("the caller's"));
            Assert.Same(activity, Activity.Current);
        }
    }

    private IContextGrain Context(string key) => Grains.GetGrain<IContextGrain>(key);
}
