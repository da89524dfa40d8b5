using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>An activation that ends while others call.</summary>
public abstract class DeactivationTests(EngineMode mode) : Contract(mode)
{
    [Fact]
    public async Task Deactivation_is_followed_by_a_new_activation()
    {
        var grain = Probe("again");
        var first = await grain.ActivationId();
        Assert.Equal(5, await grain.Add(5));
        await grain.DeactivateSoon();
        Assert.NotEqual(first, await grain.ActivationId());
        Assert.Equal(0, await grain.Peek());
    }

    [Fact]
    public async Task Deactivation_waits_for_the_call_in_flight_and_says_why()
    {
        var grain = Grains.GetGrain<ILifecycleGrain>("bye");
        var last = grain.EndAfter("gate");
        await Written("begin bye");
        Journal.Open("gate");
        await Eventually.Ends(last);
        await Written("deactivated bye: ApplicationRequested");
        Assert.Equal(["begin bye", "end bye", "deactivating bye", "deactivated bye: ApplicationRequested"], Journal.Lines.Skip(2));
    }

    [Fact]
    public async Task Calls_queued_behind_a_deactivation_run_on_the_new_activation_in_their_order()
    {
        var grain = Probe("handover");
        var last = grain.DeactivateAndWaitAt("gate");
        await Written("deactivating");
        var queued = Enumerable.Range(0, 300).Select(i => grain.NoteWhere($"n{i}")).ToArray();
        Assert.DoesNotContain(queued, call => call.IsCompleted);
        Journal.Open("gate");
        var ids = await Eventually.Ends(Task.WhenAll(queued));
        Assert.DoesNotContain(await last, ids);
        Assert.Single(ids.Distinct());
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"n{i}"), Journal.Lines.Where(line => line.StartsWith('n')));
    }

    [Fact]
    public async Task The_new_activation_begins_when_the_old_one_has_ended()
    {
        var grain = Grains.GetGrain<ILifecycleGrain>("relay");
        for (var i = 0; i < 20; i++)
        {
            var ending = grain.EndAfter($"gate{i}");
            await Written("begin relay", times: i + 1);
            var queued = grain.Touch("call");
            Journal.Open($"gate{i}");
            await Eventually.Ends(Task.WhenAll(ending, queued));
        }

        await Written("activated relay", times: 21);
        string[] expected =
            ["activating relay", "activated relay", "begin relay", "end relay", "deactivating relay", "deactivated relay: ApplicationRequested"];
        var lines = Journal.Lines.Where(line => line != "call relay").ToArray();
        for (var i = 0; i < lines.Length; i++)
            Assert.Equal(expected[i % expected.Length], lines[i]);
    }

    [Fact]
    public async Task Under_constant_deactivation_a_call_runs_once_or_is_refused_before_it_ran()
    {
        const int Callers = 8;
        const int Calls = 400;
        var refused = 0;
        await Eventually.Ends(Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < Calls; i += 4)
            {
                // Four at once, so that some wait in the queue when the activation ends.
                var burst = Enumerable.Range(i, 4).Select(n => RunOrBeRefused(Probe("churn").Note($"{caller}:{n}").AsTask())).ToArray();
                if (i % 20 == 0)
                    await RunOrBeRefused(Probe("churn").DeactivateSoon());
                Interlocked.Add(ref refused, (await Task.WhenAll(burst)).Count(ran => !ran));
            }
        }))));
        Assert.Equal((Callers * Calls) - refused, Journal.Lines.Length);
        Assert.Equal(Journal.Lines.Length, Journal.Lines.Distinct().Count());
        Assert.True(refused < Callers * Calls / 2, $"{refused} calls were refused");
    }

    [Fact]
    public async Task A_grain_that_fails_to_say_good_bye_comes_back_nevertheless()
    {
        var grain = Grains.GetGrain<ILifecycleGrain>("rude");
        Journal.Open("gate");
        await grain.EndAfter("gate");
        Assert.Equal("call", await Eventually.Ends(grain.Touch("call")));
        Assert.Equal(2, Journal.CountOf("activated rude"));
    }

    private static async Task<bool> RunOrBeRefused(Task call)
    {
        try
        {
            await call;
            return true;
        }
        catch (OrleansMessageRejectionException)
        {
            return false;
        }
    }
}
