using System.Collections.Immutable;
using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>What becomes of a call, its order, its answer and its exception.</summary>
public abstract class CallTests(EngineMode mode) : Contract(mode)
{
    [Fact]
    public async Task An_exception_arrives_with_its_type_its_message_and_its_properties()
    {
        var late = await Eventually.Fails<ProbeException>(Probe("e").Fail("late"));
        Assert.Equal(("late", 42), (late.Message, late.Code));
        var early = await Eventually.Fails<ProbeException>(Probe("e").FailBeforeAnyAwait("early"));
        Assert.Equal(("early", 7), (early.Message, early.Code));
    }

    [Fact]
    public async Task A_method_that_throws_at_once_fails_its_task_and_not_the_call()
    {
        await Probe("e").Peek();
        var task = Probe("e").FailBeforeAnyAwait("early");
        await Eventually.Fails<ProbeException>(task);
        Assert.Equal(1, await Probe("e").Add(1));
    }

    [Fact]
    public async Task A_cancellation_that_the_grain_throws_arrives_as_one() =>
        await Eventually.Fails<OperationCanceledException>(Probe("e").BeCancelled());

    [Fact]
    public async Task Calls_of_one_caller_to_a_warm_grain_keep_their_order()
    {
        var grain = Probe("ordered");
        await grain.Peek();
        var calls = Enumerable.Range(0, 500).Select(i => grain.Note($"n{i}").AsTask()).ToArray();
        await Eventually.Ends(Task.WhenAll(calls));
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"n{i}"), Journal.Lines);
    }

    [Fact]
    public async Task Queued_calls_of_one_caller_keep_their_order()
    {
        var grain = Probe("ordered");
        var holding = grain.WaitAt("gate", "holder");
        await Written("begin holder");
        var calls = Enumerable.Range(0, 500).Select(i => grain.Note($"n{i}").AsTask()).ToArray();
        Journal.Open("gate");
        await Eventually.Ends(Task.WhenAll(calls));
        await holding;
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"n{i}"), Journal.Lines.Where(line => line.StartsWith('n')));
    }

    [Fact]
    public async Task A_one_way_call_returns_at_once_and_runs_in_its_turn()
    {
        var grain = Probe("oneway");
        var holding = grain.WaitAt("gate", "holder");
        await Written("begin holder");
        await Eventually.Ends(grain.Forget("forgotten"));
        Assert.Equal(0, await grain.Peek());
        Assert.Equal(0, Journal.CountOf("forgotten"));
        Journal.Open("gate");
        await holding;
        await Written("forgotten");
    }

    [Fact]
    public async Task A_one_way_call_keeps_its_exception_from_the_caller()
    {
        await Probe("oneway").Peek();
        await Eventually.Ends(Probe("oneway").ForgetAndFail());
        await Written("failing unheard");
        Assert.Equal(1, await Probe("oneway").Add(1));
    }

    [Fact]
    public async Task Generic_types_travel_as_arguments_and_results()
    {
        var grain = Grains.GetGrain<IMessageGrain>("m");
        var wrapped = await grain.Wrap(["a", null, "c"]);
        Assert.Equal(["a", null, "c"], wrapped.Content.Select(box => box.Content));
        Assert.Equal((new Box<int?>(5), "t"), await grain.WrapOrNot(5, "t"));
        Assert.Equal((new Box<int?>(null), null), await grain.WrapOrNot(null, null));
        var groups = await grain.GroupByParity([1, 2, 3, 4]);
        Assert.True(groups["even"].SequenceEqual([2, 4]) && groups["odd"].SequenceEqual([1, 3]));
        Assert.Null(await grain.Null());
    }

    [Fact]
    public async Task A_method_may_answer_with_a_value_task()
    {
        await Grains.GetGrain<IMessageGrain>("m").Nothing();
        Assert.NotEqual(Guid.Empty, await Probe("v").ActivationId());
    }

    [Fact]
    public async Task A_stateless_worker_has_as_many_activations_as_it_may_and_no_more()
    {
        var worker = Grains.GetGrain<IWorkerGrain>(0);
        var calls = Enumerable.Range(0, 12).Select(_ => worker.WorkAt("gate")).ToArray();
        await Written("working", times: 3);
        Journal.Open("gate");
        Assert.Equal(3, (await Eventually.Ends(Task.WhenAll(calls))).Distinct().Count());
    }
}
