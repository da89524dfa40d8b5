using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization.Invocation;
using OrleansPayments.GrainEngine.Contract.Filters;
using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>What the embedded engine promises of call filters and Orleans does not.</summary>
public sealed class EmbeddedFilterTests : IAsyncLifetime
{
    private readonly ScriptedFilters _script = new();
    private EngineHost _engine = null!;

    public async Task InitializeAsync() => _engine = await EngineHost.StartAsync(services: services =>
    {
        services.AddSingleton<IIncomingGrainCallFilter>(_script);
        services.AddSingleton<IOutgoingGrainCallFilter>(_script);
    });

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task A_filter_may_keep_a_request_that_has_ended()
    {
        // Warm, so that the calls run on their caller's thread: only then is a request used again.
        await Grain("kept").Echo("cold");
        IInvokable? received = null, sent = null;
        _script.OnIncoming(nameof(IFilteredGrain.Echo), context =>
        {
            received ??= context.Request;
            return context.Invoke();
        });
        _script.OnOutgoing(nameof(IFilteredGrain.Echo), context =>
        {
            sent ??= context.Request;
            return context.Invoke();
        });
        await Grain("kept").Echo("one");
        await Grain("kept").Echo("two");
        Assert.Equal(("one", "one"), (received!.GetArgument(0), sent!.GetArgument(0)));
    }

    [Fact]
    public async Task A_timer_goes_on_when_a_filter_stops_its_tick()
    {
        _script.OnIncoming("InvokeCallbackAsync", context =>
        {
            _engine.Journal.Write("stopped");
            return _engine.Journal.CountOf("stopped") > 2 ? context.Invoke() : throw new ProbeException("no tick", 1);
        });
        await Grain("ticking").Tick();
        await Eventually.Holds(() => _engine.Journal.CountOf("tick") > 0, "the timer went on");
        Assert.Contains(_engine.Log.Entries, entry => entry.Exception is ProbeException { Message: "no tick" });
    }

    [Fact]
    public async Task A_one_way_call_that_a_filter_of_its_grain_stops_is_logged()
    {
        _script.OnIncoming(nameof(IFilteredGrain.Forget), _ => throw new ProbeException("stopped", 1));
        await Grain("one way").Forget("never run");
        await Eventually.Holds(() => _engine.Log.Entries.Any(entry => entry.Exception is ProbeException { Message: "stopped" }), "the failure was logged");
    }

    [Fact]
    public async Task A_filter_that_breaks_the_chain_is_named()
    {
        _script.OnIncoming(nameof(IFilteredGrain.Echo), _ => Task.CompletedTask);
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => Grain("broken").Echo("4111111111111111"));
        Assert.Contains(nameof(ScriptedFilters), thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("4111111111111111", thrown.ToString(), StringComparison.Ordinal);
    }

    private IFilteredGrain Grain(string key) => _engine.Grains.GetGrain<IFilteredGrain>(key);
}
