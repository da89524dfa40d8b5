using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing.Replay;

/// <param name="Place">Null before it started and once it has ended.</param>
/// <param name="Rows">What there was to read in all; null before it started.</param>
/// <param name="Figures">Up to the place.</param>
internal sealed record RoutingReplayState(
    RoutingReplayTerms Terms,
    string RequestFingerprint,
    RoutingReplayStatus Status,
    DateTimeOffset RequestedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    RoutingHistoryPlace? Place,
    long? Rows,
    RoutingReplayFigures Figures,
    long DurationMs,
    string? FailureCode)
{
    public bool HasEnded => EndedAt is not null;

    public static RoutingReplayState Apply(RoutingReplayState? state, RoutingReplayEvent happened, DateTimeOffset at) => (state, happened) switch
    {
        (null, ReplayRequested e) => new RoutingReplayState(
            e.Terms, e.RequestFingerprint, RoutingReplayStatus.Queued, at, null, null, null, null, RoutingReplayFigures.None, 0, null),
        ({ HasEnded: false, Place: null }, ReplayStarted e) => state with
        {
            Status = RoutingReplayStatus.Running,
            StartedAt = at,
            Place = e.Place,
            Rows = e.Place.RowsLeft,
        },
        ({ HasEnded: false, Place: not null }, ReplayProgressed e) => state with { Place = e.Place, Figures = e.Figures, DurationMs = e.DurationMs },
        ({ HasEnded: false, Place: not null }, ReplaySucceeded e) => Ended(state, RoutingReplayStatus.Succeeded, at) with
        {
            Place = new RoutingHistoryPlace([]),
            Figures = e.Figures,
            DurationMs = e.DurationMs,
        },
        ({ HasEnded: false }, ReplayFailed e) => Ended(state, RoutingReplayStatus.Failed, at) with { FailureCode = e.Code },
        ({ HasEnded: false }, ReplayCancelled) => Ended(state, RoutingReplayStatus.Cancelled, at),
        _ => throw new InvalidDataException($"A replay in this state does not take {happened.GetType().Name}."),
    };

    public RoutingReplayView ToView(RoutingReplayId id, RoutingReplayProgress progress) => new(
        id, Terms, Status, RequestedAt, StartedAt, EndedAt, progress, FailureCode, Status == RoutingReplayStatus.Succeeded ? Figures : null);

    /// <summary>As recorded.</summary>
    public RoutingReplayProgress Progress() => new(
        Figures.Decisions + Figures.NotComparable.Sum(count => count.Decisions), Rows, Place?.RowsLeft ?? 0, TimeSpan.FromMilliseconds(DurationMs));

    private static RoutingReplayState Ended(RoutingReplayState state, RoutingReplayStatus status, DateTimeOffset at) => state with { Status = status, EndedAt = at };
}
