using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

public abstract class CallTests(bool inline) : IAsyncLifetime
{
    private EngineHost _engine = null!;

    public async Task InitializeAsync() => _engine = await EngineHost.StartAsync(options =>
    {
        options.MaxMailboxLength = 2000;
        options.InlineCalls = inline;
    });

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task A_grain_knows_its_key()
    {
        Assert.Equal("pay_1", await Probe("pay_1").Key());
        Assert.Equal("pay_1", Probe("pay_1").GetPrimaryKeyString());
    }

    [Fact]
    public async Task References_to_one_grain_are_equal_and_reach_the_same_activation()
    {
        var self = await Probe("same").Self();
        Assert.Equal(Probe("same"), self);
        Assert.NotEqual(Probe("other"), self);
        Assert.Equal(await Probe("same").ActivationId(), await self.ActivationId());
    }

    [Fact]
    public async Task An_inherited_interface_and_a_compound_key_work()
    {
        var grain = _engine.Grains.GetGrain<IInheritingGrain>(-17, "x+y");
        Assert.Equal((-17, "x+y"), await grain.Keys());
        Assert.Equal(1, await grain.Count("a"));
        Assert.Equal(6, await grain.Count("a", 5));
    }

    [Fact]
    public async Task An_exception_reaches_the_caller_with_its_type_and_message()
    {
        var late = await Assert.ThrowsAsync<ProbeException>(() => Probe("e").Fail("late"));
        Assert.Equal(("late", 42), (late.Message, late.Code));
        var early = await Assert.ThrowsAsync<ProbeException>(() => Probe("e").FailBeforeAnyAwait("early"));
        Assert.Equal(("early", 7), (early.Message, early.Code));
    }

    [Fact]
    public async Task A_method_that_throws_at_once_fails_its_task_and_not_the_call()
    {
        await Probe("e").Key();
        var task = Probe("e").FailBeforeAnyAwait("early");
        await Assert.ThrowsAsync<ProbeException>(() => task);
        Assert.Equal(1, await Probe("e").Add(1));
    }

    [Fact]
    public async Task Calls_of_one_caller_to_a_warm_grain_keep_their_order()
    {
        var grain = Probe("ordered");
        await grain.Key();
        var calls = Enumerable.Range(0, 500).Select(i => grain.Note($"n{i}").AsTask()).ToArray();
        await Eventually.Ends(Task.WhenAll(calls));
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"n{i}"), _engine.Journal.Lines);
    }

    [Fact]
    public async Task Queued_calls_of_one_caller_keep_their_order()
    {
        var grain = Probe("ordered");
        var holding = grain.WaitAt("gate", "holder");
        await Eventually.Holds(() => _engine.Journal.CountOf("begin holder") == 1, "the holder runs");
        var calls = Enumerable.Range(0, 500).Select(i => grain.Note($"n{i}").AsTask()).ToArray();
        _engine.Journal.Open("gate");
        await Eventually.Ends(Task.WhenAll(calls));
        await holding;
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"n{i}"), _engine.Journal.Lines.Where(line => line.StartsWith('n')));
    }

    [Fact]
    public async Task A_full_mailbox_refuses_at_once_and_recovers()
    {
        var grain = Probe("full");
        var holding = grain.WaitAt("gate", "holder");
        await Eventually.Holds(() => _engine.Journal.CountOf("begin holder") == 1, "the holder runs");
        var queued = Enumerable.Range(0, 2000).Select(_ => grain.Add(1)).ToArray();
        var refused = grain.Add(1);
        Assert.True(refused.IsFaulted);
        await Assert.ThrowsAsync<LimitExceededException>(() => refused);
        await Assert.ThrowsAsync<LimitExceededException>(() => grain.Forget("lost"));
        Assert.DoesNotContain(queued, call => call.IsFaulted);

        _engine.Journal.Open("gate");
        await Eventually.Ends(Task.WhenAll(queued));
        await holding;
        Assert.Equal(2001, await grain.Add(1));
    }

    [Fact]
    public async Task A_one_way_call_returns_at_once_and_swallows_its_exception()
    {
        var grain = Probe("oneway");
        var holding = grain.WaitAt("gate", "holder");
        await Eventually.Holds(() => _engine.Journal.CountOf("begin holder") == 1, "the holder runs");
        await grain.Forget("forgotten");
        await grain.ForgetAndFail();
        Assert.Equal(0, _engine.Journal.CountOf("forgotten"));
        _engine.Journal.Open("gate");
        await holding;
        await Eventually.Holds(() => _engine.Journal.CountOf("forgotten") == 1, "the one-way call ran");
        await Eventually.Holds(() => _engine.Log.Entries.Any(entry => entry.Exception?.Message == "nobody hears this"), "its failure was logged");
    }

    [Fact]
    public async Task Request_context_flows_in_and_not_back()
    {
        RequestContext.Set("trace", "t-1");
        try
        {
            Assert.Equal("t-1", await Probe("ctx").ContextValue("trace"));
            await Probe("ctx").SetContext("trace", "changed");
            Assert.Equal("t-1", RequestContext.Get("trace"));
        }
        finally
        {
            RequestContext.Clear();
        }

        Assert.Null(await Probe("ctx").ContextValue("trace"));
    }

    [Fact]
    public async Task Ambient_values_flow_neither_in_nor_back()
    {
        ProbeGrain.Ambient.Value = "from the caller";
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(await Probe("ambient").AmbientValue());
            Assert.Equal("from the caller", ProbeGrain.Ambient.Value);
        }
    }

    [Fact]
    public async Task Continuations_stay_in_their_grain()
    {
        Assert.True(await Probe("hops").IsInTurnAfterHops(20));
        var call = Probe("outer").CallOther("inner", "gate");
        await Eventually.Holds(() => _engine.Journal.CountOf("begin inner") == 1, "the inner grain runs");
        _engine.Journal.Open("gate");
        await Eventually.Ends(call);
        Assert.Equal(1, await Probe("outer").Peek());
    }

    [Fact]
    public async Task A_stateless_worker_has_at_most_its_number_of_activations()
    {
        var worker = _engine.Grains.GetGrain<IWorkerGrain>(0);
        var calls = Enumerable.Range(0, 12).Select(_ => worker.WorkAt("gate")).ToArray();
        await Eventually.Holds(() => _engine.Journal.CountOf("working") == 3, "three workers work");
        _engine.Journal.Open("gate");
        Assert.Equal(3, (await Eventually.Ends(Task.WhenAll(calls))).Distinct().Count());
    }

    [Fact]
    public void An_interface_that_no_class_implements_is_refused() =>
        Assert.Throws<ArgumentException>(() => _engine.Grains.GetGrain<IUnimplementedGrain>("x"));

    private IProbeGrain Probe(string key) => _engine.Grains.GetGrain<IProbeGrain>(key);
}

public interface IUnimplementedGrain : IGrainWithStringKey
{
    Task Nothing();
}

public sealed class InlineCallTests() : CallTests(inline: true);

public sealed class QueuedCallTests() : CallTests(inline: false);
