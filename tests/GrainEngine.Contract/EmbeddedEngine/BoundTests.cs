using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>What can pile up in this engine has a bound.</summary>
public sealed class BoundTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_full_mailbox_refuses_at_once_and_recovers(bool inline)
    {
        await using var engine = await EngineHost.StartAsync(options => (options.MaxMailboxLength, options.InlineCalls) = (2000, inline));
        var grain = engine.Grains.GetGrain<IProbeGrain>("full");
        var holding = grain.WaitAt("gate", "holder");
        await Eventually.Holds(() => engine.Journal.CountOf("begin holder") == 1, "the holder runs");
        var queued = Enumerable.Range(0, 2000).Select(_ => grain.Add(1)).ToArray();
        var refused = grain.Add(1);
        Assert.True(refused.IsFaulted);
        await Eventually.Fails<LimitExceededException>(refused);
        await Assert.ThrowsAsync<LimitExceededException>(() => grain.Forget("lost"));
        Assert.DoesNotContain(queued, call => call.IsFaulted);

        engine.Journal.Open("gate");
        await Eventually.Ends(Task.WhenAll(queued));
        await holding;
        Assert.Equal(2001, await grain.Add(1));
    }

    [Fact]
    public async Task Above_the_bound_a_new_grain_is_refused_until_busy_ones_are_done()
    {
        await using var engine = await EngineHost.StartAsync(options => options.MaxActivations = 50);
        var busy = Enumerable.Range(0, 50).Select(i => engine.Grains.GetGrain<IProbeGrain>($"busy{i}").WaitAt("gate", "x")).ToList();
        await Assert.ThrowsAsync<LimitExceededException>(() => engine.Grains.GetGrain<IProbeGrain>("one more").Add(1));

        engine.Journal.Open("gate");
        await Task.WhenAll(busy);
        var oneMore = engine.Grains.GetGrain<IProbeGrain>("one more");
        await Eventually.Holds(() => oneMore.Add(1).IsCompletedSuccessfully, "an idle grain made room");
    }
}
