using OrleansPayments.Routing;

namespace OrleansPayments.Silo.Api.Tests.Support;

/// <summary>The queue of replays, which a test fills and moves by hand.</summary>
internal sealed class FakeReplays(FakeEngine engine) : IRoutingReplaysGrain
{
    private readonly List<RoutingReplayId> _kept = [];

    /// <summary>What a request is refused with; null for none.</summary>
    public Refusal? Refusal { get; set; }

    public Task<Outcome<RequestRoutingReplayResult>> Request(RoutingReplayId id, RequestRoutingReplay command)
    {
        if (Refusal is not null) return Task.FromResult<Outcome<RequestRoutingReplayResult>>(Refusal);
        var replay = (FakeReplay)engine.Grain<IRoutingReplayGrain>(id.Value);
        var replayed = replay.Command is not null;
        if (replayed && replay.Command!.RequestFingerprint != command.RequestFingerprint)
        {
            return Task.FromResult<Outcome<RequestRoutingReplayResult>>(new Refusal(RefusalCode.IdempotencyMismatch, "Used with another body."));
        }

        if (!replayed) _kept.Insert(0, id);
        replay.Command ??= command;
        var first = new RoutingReplayView(
            id, command.Terms, RoutingReplayStatus.Queued, engine.Time.GetUtcNow(), null, null, new RoutingReplayProgress(0, null, 0, TimeSpan.Zero), null, null);
        replay.View ??= first;
        return Task.FromResult<Outcome<RequestRoutingReplayResult>>(new RequestRoutingReplayResult(first, replayed));
    }

    public Task<RoutingReplayList> List() => Task.FromResult(new RoutingReplayList([.. _kept]));

    public Task Ended(RoutingReplayId id) => throw new NotSupportedException();

    public Task Wake() => throw new NotSupportedException();

    /// <summary>What the queue does with the oldest when there are too many.</summary>
    public void Forget(string id) => _kept.Remove(RoutingReplayId.Parse(id));
}

internal sealed class FakeReplay(string key) : IRoutingReplayGrain
{
    public RequestRoutingReplay? Command { get; set; }

    public RoutingReplayView? View { get; set; }

    public Task<RoutingReplayView?> Get() => Task.FromResult(View);

    public Task<Outcome<RequestRoutingReplayResult>> Create(RequestRoutingReplay command) => throw new NotSupportedException(key);

    public Task<bool> Run() => throw new NotSupportedException(key);

    public Task<Outcome<RoutingReplayView>> Cancel()
    {
        if (View!.Status == RoutingReplayStatus.Succeeded) return Task.FromResult<Outcome<RoutingReplayView>>(new Refusal(RefusalCode.InvalidState, "The replay has ended."));
        View = View with { Status = RoutingReplayStatus.Cancelled };
        return Task.FromResult<Outcome<RoutingReplayView>>(View);
    }
}
