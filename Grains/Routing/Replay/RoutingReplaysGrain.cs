using Microsoft.Extensions.Logging;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing.Replay;

/// <summary>The queue of replays. The first that have not ended run; whether one has ended is its own record, of which this one hears.</summary>
[GrainType("routing-replays")]
internal sealed partial class RoutingReplaysGrain(IJournal journal, RoutingReplayOptions options, TimeProvider time, ILogger<RoutingReplaysGrain> logger)
    : JournaledGrain<RoutingReplaysState, RoutingReplaysEvent>(journal, RoutingReplayJson.Default.RoutingReplaysEventArray), IRoutingReplaysGrain
{
    // Those that this activation has set to work.
    private readonly HashSet<RoutingReplayId> _running = [];

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

    // Those at work come first: one whose turn was passed over must not make them too many when it can be run again.
    private async Task RunFirst()
    {
        _running.IntersectWith(Present.Open);
        var running = 0;
        foreach (var id in Present.Open.OrderBy(id => !_running.Contains(id)).ToList())
        {
            if (running == options.MaxRunning) return;
            try
            {
                if (await GrainFactory.RoutingReplay(id).Run())
                {
                    _running.Add(id);
                    running++;
                }
                else
                {
                    await Record(new ReplayEnded(id));
                }
            }
            catch (Exception e) when (e is JournalUnavailableException or TimeoutException)
            {
                // It may be at work, and the others would fare alike: it keeps its turn, and the next look tries again.
                LogNotRun(e, id);
                running++;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Its own fault, perhaps for ever. It keeps its place and the next one's turn comes.
                _running.Remove(id);
                LogPassedOver(e, id);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Replay {Replay} could not be set to work; it is tried again")]
    private partial void LogNotRun(Exception exception, RoutingReplayId replay);

    [LoggerMessage(2, LogLevel.Error, "Replay {Replay} cannot be set to work; the next one's turn comes, and it is tried again")]
    private partial void LogPassedOver(Exception exception, RoutingReplayId replay);
}
