using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>What the embedded engine says of a cycle when its calls time out.</summary>
public abstract class EmbeddedCycleTests(bool inline) : IAsyncLifetime
{
    private EngineHost _engine = null!;

    public async Task InitializeAsync() => _engine = await EngineHost.StartAsync(options =>
    {
        options.CallTimeout = TimeSpan.FromSeconds(0.5);
        options.InlineCalls = inline;
    });

    public async Task DisposeAsync()
    {
        _engine.Journal.Open("never");
        await _engine.DisposeAsync();
    }

    [Theory]
    [InlineData("a", "cycle/a → cycle/a.")]
    [InlineData("b,a", "cycle/a → cycle/b → cycle/a.")]
    [InlineData("b,c,a", "cycle/a → cycle/b → cycle/c → cycle/a.")]
    public async Task The_timeout_of_whoever_called_into_a_cycle_names_it(string way, string cycle)
    {
        var thrown = await Assert.ThrowsAsync<TimeoutException>(() => Eventually.Ends(Grain("a").Pass(way.Split(','), OpenGate)));
        Assert.Contains(cycle, thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("4111111111111111", thrown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_timeout_of_a_call_in_a_cycle_names_it()
    {
        // Nobody waits for the first call, so all that is logged comes from the calls that the grains made.
        await Grain("a").PassUnawaited(["b", "a"], OpenGate);
        const string Said = "It waits in a cycle of calls: ";
        await Eventually.Holds(() => Logged(Said + "cycle/a → cycle/b → cycle/a.") || Logged(Said + "cycle/b → cycle/a → cycle/b."), "the cycle was named");
    }

    [Fact]
    public async Task An_activation_that_waits_for_itself_is_named()
    {
        var thrown = await Assert.ThrowsAsync<TimeoutException>(() => Eventually.Ends(_engine.Grains.GetGrain<ICyclicActivationGrain>("x").Touch()));
        Assert.Contains("cyclicactivation/x → cycliccallee/x → cyclicactivation/x.", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_is_only_late_is_not_taken_for_a_cycle()
    {
        var late = await Assert.ThrowsAsync<TimeoutException>(() => Eventually.Ends(Grain("a").Pass(["b"], "never")));
        Assert.DoesNotContain("→", late.Message, StringComparison.Ordinal);
        var behind = await Assert.ThrowsAsync<TimeoutException>(() => Eventually.Ends(Grain("b").Pass([], "never")));
        Assert.DoesNotContain("→", behind.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_circle_whose_calls_all_run_is_not_taken_for_a_cycle()
    {
        var late = await Assert.ThrowsAsync<TimeoutException>(() => Eventually.Ends(Grain("a").PassInterleaving(["b", "a"], "never")));
        Assert.DoesNotContain("→", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_engine_lists_the_calls_that_wait_in_a_cycle_now()
    {
        var late = Grain("x").Pass(["y"], "never");
        var behind = Grain("y").Pass([], "never");
        var cycle = Grain("a").Pass(["b", "a"], OpenGate);
        await Eventually.Holds(() => CallsInCycles().Length > 0, "the cycle was found");
        Assert.Equal(["ICycleGrain.Pass: cycle/b → cycle/a → cycle/b"], CallsInCycles());
        await Assert.ThrowsAsync<TimeoutException>(() => Eventually.Ends(Task.WhenAll(late, behind, cycle)));
        await Eventually.Holds(() => CallsInCycles().Length == 0, "the cycle has ended");
    }

    // The call that closes a circle may run after all, when one before it was given up first; then it must not wait for ever.
    private string OpenGate
    {
        get
        {
            _engine.Journal.Open("4111111111111111");
            return "4111111111111111";
        }
    }

    // Internal, for the simulation; a project with grains cannot see the engine's internals, because generated code overrides some of them.
    private string[] CallsInCycles() =>
        [.. ((IEnumerable<object>)_engine.Grains.GetType().GetMethod("FindCallsInCycles")!.Invoke(_engine.Grains, null)!).Select(call => $"{call}")];

    private bool Logged(string text) => _engine.Log.Entries.Any(entry => entry.Exception?.Message.Contains(text, StringComparison.Ordinal) == true);

    private ICycleGrain Grain(string key) => _engine.Grains.GetGrain<ICycleGrain>(key);
}

public sealed class InlineEmbeddedCycleTests() : EmbeddedCycleTests(inline: true);

public sealed class QueuedEmbeddedCycleTests() : EmbeddedCycleTests(inline: false);
