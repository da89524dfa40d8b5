using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing.Replay;

/// <summary>One replay. Each step is a turn of its own that reads and replays one page, so that callers are heard and payments run between them.</summary>
[GrainType("routing-replay")]
internal sealed partial class RoutingReplayGrain(
    IJournal journal, IRoutingHistory history, RoutingReplayOptions options, TimeProvider time, ILogger<RoutingReplayGrain> logger)
    : JournaledGrain<RoutingReplayState, RoutingReplayEvent>(journal, RoutingReplayJson.Default.RoutingReplayEventArray), IRoutingReplayGrain
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private IGrainTimer? _timer;
    private Work? _work;
    private long? _failingSince;
    private long _recordedAt;

    private RoutingReplayId Id => RoutingReplayId.Parse(this.GetPrimaryKeyString());

    public Task<RoutingReplayView?> Get()
    {
        // A wrong guess of an id should not stay in memory.
        if (State is null) DeactivateOnIdle();
        return Task.FromResult(State is null ? null : View(State));
    }

    public async Task<Outcome<RequestRoutingReplayResult>> Create(RequestRoutingReplay command)
    {
        if (State is null)
        {
            await Record(new ReplayRequested(command.Terms, command.RequestFingerprint));
            return new RequestRoutingReplayResult(FirstView(State!), Replayed: false);
        }

        return State.RequestFingerprint == command.RequestFingerprint
            ? new RequestRoutingReplayResult(FirstView(State), Replayed: true)
            : new Refusal(RefusalCode.IdempotencyMismatch, "The idempotency key was used with another body.");
    }

    public Task<bool> Run()
    {
        if (State is not { HasEnded: false }) return Task.FromResult(false);
        _timer ??= this.RegisterGrainTimer(Step, new GrainTimerCreationOptions(TimeSpan.Zero, options.Pause) { KeepAlive = true });
        return Task.FromResult(true);
    }

    public async Task<Outcome<RoutingReplayView>> Cancel()
    {
        if (State is null) return new Refusal(RefusalCode.NotFound, "There is no such replay.");
        if (State.Status == RoutingReplayStatus.Cancelled) return View(State);
        if (State.HasEnded) return new Refusal(RefusalCode.InvalidState, "The replay has ended.");

        await End(new ReplayCancelled());
        return View(State);
    }

    // So that a restart in good order repeats nothing.
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_work is null || State is not { HasEnded: false }) return;
        try
        {
            await Record(new ReplayProgressed(_work.Place, _work.Tally.ToFigures(), (long)DurationOf(_work).TotalMilliseconds));
        }
        catch (JournalUnavailableException e)
        {
            LogNotRecorded(e, Id);
        }
    }

    protected override RoutingReplayState Apply(RoutingReplayState? state, RoutingReplayEvent happened, int version, DateTimeOffset at) =>
        RoutingReplayState.Apply(state, happened, at);

    private RoutingReplayView View(RoutingReplayState state) =>
        state.ToView(Id, _work is null || state.HasEnded ? state.Progress() : new RoutingReplayProgress(_work.Tally.Seen, state.Rows, _work.Place.RowsLeft, DurationOf(_work)));

    // A repetition of the request is answered as the request was.
    private RoutingReplayView FirstView(RoutingReplayState state) => new(
        Id, state.Terms, RoutingReplayStatus.Queued, state.RequestedAt, null, null, new RoutingReplayProgress(0, null, 0, TimeSpan.Zero), null, null);

    private async Task Step()
    {
        if (State is not { HasEnded: false } state)
        {
            Stop();
            return;
        }

        try
        {
            if (state.Place is null) await Begin(state.Terms);
            else await ReadOn(state);
            _failingSince = null;
        }
        catch (JournalUnavailableException e)
        {
            // What was read and not recorded stays in the sums: the place has not moved past it.
            LogInterrupted(e, Id);
            _timer?.Change(AfterFailure, options.Pause);
            _failingSince ??= time.GetTimestamp();
            if (time.GetElapsedTime(_failingSince.Value) >= options.GiveUpAfter) await End(new ReplayFailed(ReplayFailures.HistoryUnavailable));
        }
        catch (Exception e)
        {
            // The sums may hold a part of a page that is read again.
            _work = null;
            if (e is OutOfMemoryException) throw;

            // It would be the same the next time. Where the end cannot be recorded now, it comes to this again.
            LogBroken(e, Id);
            _timer?.Change(AfterFailure, options.Pause);
            await End(new ReplayFailed(ReplayFailures.Of(e)));
        }
    }

    private async Task Begin(RoutingReplayTerms terms) => await Record(new ReplayStarted(await history.OpenAsync(terms.From, terms.Until)));

    private async Task ReadOn(RoutingReplayState state)
    {
        if (_work is null)
        {
            _work = new Work(new RoutingReplayer(state.Terms.Policy, state.Terms.Fees), new ReplayTally(state.Figures), state.Place!, state.DurationMs, time.GetTimestamp());
            _recordedAt = _work.Since;
        }

        if (_work.Place.RowsLeft > 0)
        {
            var page = await history.ReadAsync(_work.Place, state.Terms.MerchantId, options.PageRows);
            foreach (var past in page.Decisions) _work.Tally.Add(past.Request.Amount, _work.Replayer.Replay(past));
            _work.Place = page.Next;
        }

        var milliseconds = (long)DurationOf(_work).TotalMilliseconds;
        if (_work.Place.RowsLeft == 0)
        {
            await End(new ReplaySucceeded(_work.Tally.ToFigures(), milliseconds));
        }
        else if (time.GetElapsedTime(_recordedAt) >= options.RecordEvery)
        {
            await Record(new ReplayProgressed(_work.Place, _work.Tally.ToFigures(), milliseconds));
            _recordedAt = time.GetTimestamp();
        }
    }

    private async Task End(RoutingReplayEvent end)
    {
        await Record(end);
        Stop();
        LogEnded(Id, State!.Status);

        // One way; if it is lost, the next look at the queue finds it out.
        _ = GrainFactory.RoutingReplays().Ended(Id);
    }

    private void Stop()
    {
        _timer?.Dispose();
        _timer = null;
        _work = null;
    }

    private TimeSpan DurationOf(Work work) => TimeSpan.FromMilliseconds(work.DurationMs) + time.GetElapsedTime(work.Since);

    [LoggerMessage(1, LogLevel.Warning, "Replay {Replay} cannot read on now; it tries again")]
    private partial void LogInterrupted(Exception exception, RoutingReplayId replay);

    [LoggerMessage(2, LogLevel.Error, "Replay {Replay} cannot go on")]
    private partial void LogBroken(Exception exception, RoutingReplayId replay);

    [LoggerMessage(3, LogLevel.Information, "Replay {Replay} ended as {Status}")]
    private partial void LogEnded(RoutingReplayId replay, RoutingReplayStatus status);

    [LoggerMessage(4, LogLevel.Warning, "Replay {Replay} could not record how far it came; the last part of it is done again")]
    private partial void LogNotRecorded(Exception exception, RoutingReplayId replay);

    /// <param name="durationMs">Of earlier activations.</param>
    /// <param name="since">When this one began, by the monotonic clock.</param>
    private sealed class Work(RoutingReplayer replayer, ReplayTally tally, RoutingHistoryPlace place, long durationMs, long since)
    {
        public RoutingReplayer Replayer { get; } = replayer;

        public ReplayTally Tally { get; } = tally;

        public RoutingHistoryPlace Place { get; set; } = place;

        public long DurationMs { get; } = durationMs;

        public long Since { get; } = since;
    }
}
