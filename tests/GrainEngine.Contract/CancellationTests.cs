using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>Callers that change their mind.</summary>
public abstract class CancellationTests(EngineMode mode) : Contract(mode)
{
    [Fact]
    public async Task A_running_call_sees_its_token_cancelled()
    {
        using var source = new CancellationTokenSource();
        var call = Probe("running").WaitForCancellation(source.Token);
        await Written("waiting");
        await source.CancelAsync();
        await Eventually.Fails<OperationCanceledException>(call);
        await Written("cancelled");
    }

    [Fact]
    public async Task A_queued_call_that_is_cancelled_ends_at_once_and_never_runs()
    {
        using var holding = new CancellationTokenSource();
        using var source = new CancellationTokenSource();
        var grain = Probe("queued");
        var holder = grain.WaitForCancellation(holding.Token);
        await Written("waiting");
        var queued = grain.Cancellable("ran", source.Token);
        await grain.Peek();
        await source.CancelAsync();
        await Eventually.Fails<OperationCanceledException>(queued);
        Assert.False(holder.IsCompleted);

        // Cancellations reach the grain in their order, though not always at once: with the holder's, the other has arrived too.
        await holding.CancelAsync();
        await Written("cancelled");
        await grain.Note("after");
        Assert.Equal(["waiting", "cancelled", "after"], Journal.Lines);
    }

    [Fact]
    public async Task A_call_with_a_cancelled_token_is_never_sent()
    {
        await Probe("never").Peek();
        await Eventually.Fails<OperationCanceledException>(Call());
        await Probe("never").Note("after");
        Assert.Equal(["after"], Journal.Lines);

        // Whether the method throws or answers with a cancelled task is the engine's affair.
        async Task Call() => await Probe("never").Cancellable("ran", new CancellationToken(canceled: true));
    }

    [Fact]
    public async Task A_token_that_is_not_cancelled_changes_nothing()
    {
        using var source = new CancellationTokenSource();
        for (var i = 0; i < 20; i++)
            await Probe("plain").Cancellable("ran", source.Token);
        Assert.Equal(20, Journal.CountOf("ran"));
    }

    [Fact]
    public async Task A_token_cancelled_after_the_answer_changes_nothing()
    {
        using var source = new CancellationTokenSource();
        Assert.Equal(1, await Probe("plain").Add(1));
        await Probe("plain").Cancellable("ran", source.Token);
        await source.CancelAsync();
        Assert.Equal(2, await Probe("plain").Add(1));
    }
}
