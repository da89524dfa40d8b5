using System.Diagnostics;
using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>Timeouts and cancellation.</summary>
public sealed class PatienceTests : IAsyncLifetime
{
    private EngineHost _engine = null!;

    public async Task InitializeAsync() => _engine = await EngineHost.StartAsync(options => options.CallTimeout = TimeSpan.FromSeconds(1));

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task A_call_without_an_answer_times_out_and_goes_on_in_its_grain()
    {
        var grain = Probe("stuck");
        var watch = Stopwatch.StartNew();
        var call = grain.WaitAt("gate", "stuck");
        await Assert.ThrowsAsync<TimeoutException>(() => Eventually.Ends(call));
        Assert.True(watch.Elapsed >= TimeSpan.FromSeconds(0.95), $"given up after {watch.Elapsed}");
        Assert.Equal(0, _engine.Journal.CountOf("end stuck"));
        _engine.Journal.Open("gate");
        await Eventually.Holds(() => _engine.Journal.CountOf("end stuck") == 1, "the call went on");
    }

    [Fact]
    public async Task A_timeout_names_grain_and_method_and_no_argument()
    {
        var thrown = await Assert.ThrowsAsync<TimeoutException>(() => Eventually.Ends(Probe("named").ImpatientlyWaitAt("never", "4111111111111111")));
        Assert.Contains("named", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(IProbeGrain.ImpatientlyWaitAt), thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("4111111111111111", thrown.ToString(), StringComparison.Ordinal);
        _engine.Journal.Open("never");
    }

    [Fact]
    public async Task A_call_that_waits_behind_a_stuck_one_times_out_too_and_never_runs()
    {
        var grain = Probe("behind");
        var stuck = grain.WaitAt("gate", "stuck");
        var waiting = grain.Note("waited").AsTask();
        await Assert.ThrowsAsync<TimeoutException>(() => Eventually.Ends(stuck));
        await Assert.ThrowsAsync<TimeoutException>(() => Eventually.Ends(waiting));
        _engine.Journal.Open("gate");
        await Eventually.Ends(grain.Note("after").AsTask());
        Assert.Equal(0, _engine.Journal.CountOf("waited"));
    }

    [Fact]
    public async Task A_grain_that_calls_itself_times_out() =>
        await Assert.ThrowsAsync<TimeoutException>(() => Eventually.Ends(Probe("cycle").CallSelf()));

    [Fact]
    public async Task A_running_call_sees_its_token_cancelled()
    {
        using var source = new CancellationTokenSource();
        var call = Probe("running").WaitForCancellation(source.Token);
        await Eventually.Holds(() => _engine.Journal.CountOf("waiting") == 1, "the call runs");
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.Ends(call));
        await Eventually.Holds(() => _engine.Journal.CountOf("cancelled") == 1, "the grain saw the token");
    }

    [Fact]
    public async Task A_queued_call_that_is_cancelled_ends_at_once_and_never_runs()
    {
        using var source = new CancellationTokenSource();
        var grain = Probe("queued");
        var holding = grain.WaitAt("gate", "holder");
        var queued = grain.Cancellable("ran", source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.Ends(queued));
        Assert.False(holding.IsCompleted);
        _engine.Journal.Open("gate");
        await Eventually.Ends(holding);
        await grain.Note("after");
        Assert.Equal(0, _engine.Journal.CountOf("ran"));
    }

    [Fact]
    public async Task A_call_with_a_cancelled_token_is_never_sent()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Probe("never").Cancellable("ran", new CancellationToken(canceled: true)));
        await Probe("never").Note("after");
        Assert.Equal(["after"], _engine.Journal.Lines);
    }

    [Fact]
    public async Task A_token_that_is_not_cancelled_changes_nothing()
    {
        using var source = new CancellationTokenSource();
        for (var i = 0; i < 20; i++)
            await Probe("plain").Cancellable("ran", source.Token);
        Assert.Equal(20, _engine.Journal.CountOf("ran"));
    }

    private IProbeGrain Probe(string key) => _engine.Grains.GetGrain<IProbeGrain>(key);
}
