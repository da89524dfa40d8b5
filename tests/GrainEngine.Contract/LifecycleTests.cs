using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

public abstract class LifecycleTests(bool inline) : IAsyncLifetime
{
    private EngineHost _engine = null!;

    public async Task InitializeAsync() => _engine = await EngineHost.StartAsync(options => options.InlineCalls = inline);

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Racing_callers_meet_one_activation()
    {
        for (var round = 0; round < 50; round++)
        {
            using var start = new Barrier(8);
            var key = $"race{round}";
            var ids = await Eventually.Ends(Task.WhenAll(Enumerable.Range(0, 8).Select(_ => OnOwnThread(() =>
            {
                start.SignalAndWait();
                return Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Probe(key).ActivationId().AsTask()));
            }))));
            Assert.Single(ids.SelectMany(id => id).Distinct());
        }
    }

    [Fact]
    public async Task Activation_ends_before_the_first_call_begins()
    {
        var grain = _engine.Grains.GetGrain<ILifecycleGrain>("slow1");
        var calls = Task.WhenAll(Enumerable.Range(0, 64).Select(_ => grain.Touch("call")));
        await Eventually.Holds(() => _engine.Journal.CountOf("activating slow1") == 1, "the activation runs");
        Assert.Equal(0, _engine.Journal.CountOf("call slow1"));
        _engine.Journal.Open("slow1");
        await Eventually.Ends(calls);
        Assert.Equal(["activating slow1", "activated slow1"], _engine.Journal.Lines.Take(2));
        Assert.Equal(64, _engine.Journal.CountOf("call slow1"));
        Assert.Equal(1, _engine.Journal.CountOf("activated slow1"));
    }

    [Fact]
    public async Task A_failed_activation_reaches_its_callers_and_the_next_call_tries_again()
    {
        var grain = _engine.Grains.GetGrain<ILifecycleGrain>("failing1");
        var calls = Enumerable.Range(0, 10).Select(_ => grain.Touch("call")).ToArray();
        foreach (var call in calls)
            Assert.Equal("no activation yet", (await Assert.ThrowsAsync<ProbeException>(() => Eventually.Ends(call))).Message);
        Assert.Equal(0, _engine.Journal.CountOf("call failing1"));
        _engine.Journal.Open("failing1");
        Assert.Equal("call", await grain.Touch("call"));
    }

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
    public async Task Calls_queued_behind_a_deactivation_run_in_order_on_the_new_activation()
    {
        var grain = Probe("handover");
        var last = grain.DeactivateAndWaitAt("gate");
        await Eventually.Holds(() => _engine.Journal.CountOf("deactivating") == 1, "the last call runs");
        var queued = Enumerable.Range(0, 300).Select(i => grain.Note($"n{i}").AsTask()).ToArray();
        Assert.DoesNotContain(queued, call => call.IsCompleted);
        _engine.Journal.Open("gate");
        await Eventually.Ends(Task.WhenAll(queued));
        await last;
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"n{i}"), _engine.Journal.Lines.Where(line => line.StartsWith('n')));
    }

    [Fact]
    public async Task Deactivation_under_load_loses_no_call_and_keeps_each_callers_order()
    {
        const int Callers = 8;
        const int Calls = 400;
        await Eventually.Ends(Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var grain = Probe("churn");
            for (var i = 0; i < Calls; i += 4)
            {
                // Four at once, so that some wait in the queue when the activation ends.
                var burst = Enumerable.Range(i, 4).Select(n => grain.Note($"{caller}:{n}").AsTask()).ToArray();
                if (i % 20 == 0)
                    await grain.DeactivateSoon();
                await Task.WhenAll(burst);
            }
        }))));
        foreach (var lines in _engine.Journal.Lines.GroupBy(line => line[..line.IndexOf(':', StringComparison.Ordinal)]))
            Assert.Equal(Enumerable.Range(0, Calls).Select(i => $"{lines.Key}:{i}"), lines);
        Assert.Equal(Callers * Calls, _engine.Journal.Lines.Length);
    }

    [Fact]
    public async Task Deactivation_tells_the_grain_why()
    {
        await _engine.Grains.GetGrain<ILifecycleGrain>("bye").Touch("call");
        await _engine.StopAsync();
        Assert.Equal(1, _engine.Journal.CountOf("deactivated bye: ShuttingDown"));
    }

    [Fact]
    public async Task A_drain_refuses_new_calls_and_lets_those_in_flight_end()
    {
        var grain = Probe("draining");
        var inFlight = grain.CallOther("inner", "gate");
        await Eventually.Holds(() => _engine.Journal.CountOf("begin inner") == 1, "the call is in flight");
        var stopping = _engine.StopAsync();
        await Assert.ThrowsAnyAsync<OrleansException>(() => Eventually.Ends(Probe("late").Add(1)));
        Assert.False(stopping.IsCompleted);
        _engine.Journal.Open("gate");
        await Eventually.Ends(inFlight);
        await Eventually.Ends(stopping);
        Assert.Equal(1, _engine.Journal.CountOf("end inner"));
    }

    // A barrier blocks its threads; the pool's would be missed by the other tests.
    private static Task<T> OnOwnThread<T>(Func<Task<T>> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    private IProbeGrain Probe(string key) => _engine.Grains.GetGrain<IProbeGrain>(key);
}

public sealed class InlineLifecycleTests() : LifecycleTests(inline: true);

public sealed class QueuedLifecycleTests() : LifecycleTests(inline: false);
