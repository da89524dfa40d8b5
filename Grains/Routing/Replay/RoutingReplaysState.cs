using System.Collections.Immutable;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing.Replay;

/// <summary>The replays that are kept, oldest first.</summary>
internal sealed record RoutingReplaysState(ImmutableArray<KeptReplay> Replays)
{
    /// <summary>More are forgotten, the oldest that have ended first.</summary>
    public const int MaxKept = 100;

    /// <summary>How long one is kept, from its request on.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    public static RoutingReplaysState Empty { get; } = new([]);

    public IEnumerable<RoutingReplayId> Open => Replays.Where(replay => !replay.HasEnded).Select(replay => replay.Id);

    public bool Knows(RoutingReplayId id) => Replays.Any(replay => replay.Id == id);

    public RoutingReplayList List(DateTimeOffset now) =>
        new([.. Replays.Where(replay => !replay.HasEnded || now - replay.QueuedAt < KeptFor).Reverse().Select(replay => replay.Id)]);

    public static RoutingReplaysState Apply(RoutingReplaysState? state, RoutingReplaysEvent happened, DateTimeOffset at)
    {
        var replays = (state ?? Empty).Replays;
        return happened switch
        {
            ReplayQueued e => new RoutingReplaysState(Cut(replays.Add(new KeptReplay(e.Id, at, HasEnded: false)))),
            ReplayEnded e => new RoutingReplaysState([.. replays.Select(replay => replay.Id == e.Id ? replay with { HasEnded = true } : replay)]),
            _ => throw new InvalidDataException($"The queue of replays does not know {happened.GetType().Name}."),
        };
    }

    private static ImmutableArray<KeptReplay> Cut(ImmutableArray<KeptReplay> replays)
    {
        var oldest = replays.Length > MaxKept ? replays.FirstOrDefault(replay => replay.HasEnded) : null;
        return oldest is null ? replays : replays.Remove(oldest);
    }
}

internal sealed record KeptReplay(RoutingReplayId Id, DateTimeOffset QueuedAt, bool HasEnded);
