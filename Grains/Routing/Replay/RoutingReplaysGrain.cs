using Microsoft.Extensions.Logging;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing.Replay;

/// <summary>The queue of replays. The first that have not ended run; whether one has ended is its own record, of which this one hears.</summary>
[GrainType("routing-replays")]
internal sealed partial class RoutingReplaysGrain(IJournal journal, RoutingReplayOptions options, TimeProvider time, ILogger<RoutingReplaysGrain> logger)
    : JournaledGrain<RoutingReplaysState, RoutingReplaysEvent>(journal, RoutingReplayJson.Default.RoutingReplaysEventArray), IRoutingReplaysGrain
{
    private RoutingReplaysState Present => State ?? RoutingReplaysState.Empty;

    public async Task<Outcome<RequestRoutingReplayResult>> Request(RoutingReplayId id, RequestRoutingReplay command)
    {
        var isKnown = Present.Knows(id);
        if (!isKnown && Present.Open.Count() >= options.MaxRunning + options.MaxQueued)
        {
            return new Refusal(RefusalCode.TooManyReplays, $"{options.MaxRunning} may run and {options.MaxQueued} wait.");
        }

        // Before it is queued: one that is queued exists.
        var outcome = await GrainFactory.RoutingReplay(id).Create(command);
        if (outcome.IsRefused) return outcome;

        // A repetition may concern one that has ended and been forgotten.
        if (!isKnown && await GrainFactory.RoutingReplay(id).Get() is { EndedAt: null }) await Record(new ReplayQueued(id));
        await RunFirst();
        return outcome;
    }

    public Task<RoutingReplayList> List() => Task.FromResult(Present.List(time.GetUtcNow()));

    public async Task Ended(RoutingReplayId id)
    {
        if (Present.Open.Contains(id)) await Record(new ReplayEnded(id));
        await RunFirst();
    }

    public Task Wake() => RunFirst();

    protected override RoutingReplaysState Apply(RoutingReplaysState? state, RoutingReplaysEvent happened, int version, DateTimeOffset at) =>
        RoutingReplaysState.Apply(state, happened, at);

    private async Task RunFirst()
    {
        var running = 0;
        foreach (var id in Present.Open.ToList())
        {
            if (running == options.MaxRunning) return;
            try
            {
                if (await GrainFactory.RoutingReplay(id).Run()) running++;
                else await Record(new ReplayEnded(id));
            }
            catch (Exception e) when (e is JournalUnavailableException or TimeoutException)
            {
                // It keeps its turn; the next look tries again.
                LogNotRun(e, id);
                running++;
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Replay {Replay} could not be set to work; it is tried again")]
    private partial void LogNotRun(Exception exception, RoutingReplayId replay);
}
