using Microsoft.Extensions.DependencyInjection;
using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>How an activation comes into being, and what it is given.</summary>
public abstract class ActivationTests(EngineMode mode)
    : Contract(mode, new() { Services = static services => services.AddScoped<Scoped>() })
{
    [Fact]
    public async Task Of_64_racing_callers_all_meet_one_activation()
    {
        for (var round = 0; round < 30; round++)
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
        var grain = Grains.GetGrain<ILifecycleGrain>("slow1");
        var calls = Task.WhenAll(Enumerable.Range(0, 64).Select(_ => grain.Touch("call")));
        await Written("activating slow1");
        Assert.Equal(0, Journal.CountOf("call slow1"));
        Journal.Open("slow1");
        await Eventually.Ends(calls);
        Assert.Equal(["activating slow1", "activated slow1"], Journal.Lines.Take(2));
        Assert.Equal(64, Journal.CountOf("call slow1"));
        Assert.Equal(1, Journal.CountOf("activated slow1"));
    }

    [Fact]
    public async Task A_failed_activation_reaches_every_caller_and_the_next_call_tries_again()
    {
        var grain = Grains.GetGrain<ILifecycleGrain>("failing1");
        var calls = Enumerable.Range(0, 64).Select(_ => grain.Touch("call")).ToArray();
        foreach (var call in calls)
        {
            var failure = await Eventually.Fails<ProbeException>(call);
            Assert.Equal(("no activation yet", 11), (failure.Message, failure.Code));
        }

        Assert.Equal(0, Journal.CountOf("call failing1"));
        Journal.Open("failing1");
        Assert.Equal("call", await Eventually.Ends(grain.Touch("call")));
    }

    [Fact]
    public async Task A_constructor_that_throws_fails_the_call_and_the_next_call_tries_again()
    {
        var grain = Grains.GetGrain<IUnbuildableGrain>("x");
        await Eventually.Fails<Exception>(grain.Touch());
        Journal.Open("buildable");
        await Eventually.Ends(grain.Touch());
    }

    [Fact]
    public async Task A_grain_gets_its_context_and_its_services_by_injection()
    {
        Assert.True(await Grains.GetGrain<IScopedGrain>("a").IsWhole());
        Assert.True(await Grains.GetGrain<IScopedGrain>("b").IsWhole());
    }

    [Fact]
    public async Task Scoped_services_belong_to_one_activation()
    {
        var grain = Grains.GetGrain<IScopedGrain>("a");
        var first = await grain.ScopedId();
        Assert.Equal(first, await grain.ScopedId());
        Assert.NotEqual(first, await Grains.GetGrain<IScopedGrain>("b").ScopedId());
        await grain.DeactivateSoon();
        Assert.NotEqual(first, await grain.ScopedId());
    }

    [Fact]
    public async Task The_grain_and_its_scoped_services_are_disposed_after_its_deactivation()
    {
        var grain = Grains.GetGrain<IScopedGrain>("a");
        var scope = await grain.ScopedId();
        await grain.DeactivateSoon();
        await Written($"scoped service {scope} disposed");
        Assert.Equal(["scoped grain deactivated", "scoped grain disposed", $"scoped service {scope} disposed"], Journal.Lines);
    }

    [Fact]
    public async Task A_grain_needs_no_base_class()
    {
        var grain = Grains.GetGrain<IInheritingGrain>("plain");
        Assert.Equal("plain", await grain.Key());
        Assert.Equal(1, await grain.Count("a"));
        Assert.Equal(6, await grain.Count("a", 5));
    }

    // A barrier blocks its threads; the pool's would be missed by the other tests.
    private static Task<T> OnOwnThread<T>(Func<Task<T>> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
}
