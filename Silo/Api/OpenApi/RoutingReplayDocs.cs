using System.Collections.Immutable;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.OpenApi;

/// <summary>The description of the routes about replays of routing.</summary>
internal static class RoutingReplayDocs
{
    private static readonly ImmutableArray<ProblemKind> Reading =
    [
        ProblemCatalogue.UnknownField, ProblemCatalogue.DuplicateField, ProblemCatalogue.InvalidValue, ProblemCatalogue.Unauthorized,
        ProblemCatalogue.Forbidden, ProblemCatalogue.InternalError, ProblemCatalogue.TemporarilyUnavailable, ProblemCatalogue.Overloaded,
    ];

    public static OperationDoc RequestReplay { get; } = new("requestRoutingReplay", "Routing", "Replay past decisions under a draft policy", 202, "RoutingReplay")
    {
        Description = "Queues a job that takes the decisions of a period again and tells the difference in cost and in chosen connectors. Sends nothing and changes no payment.",
        Request = "RequestRoutingReplay",
        Problems =
        [
            .. Reading, ProblemCatalogue.InvalidRequest, ProblemCatalogue.InvalidJson, ProblemCatalogue.MissingField, ProblemCatalogue.InvalidType,
            ProblemCatalogue.InvalidIdempotencyKey, ProblemCatalogue.RequestTimeout, ProblemCatalogue.PayloadTooLarge, ProblemCatalogue.UnsupportedMediaType,
            ProblemCatalogue.IdempotencyMismatch, ProblemCatalogue.MerchantNotFound, ProblemCatalogue.UnknownConnector, ProblemCatalogue.TooManyReplays,
        ],
    };

    public static OperationDoc ListReplays { get; } = new("listRoutingReplays", "Routing", "List replays, newest first", 200, "RoutingReplayList")
    {
        Description = "Without their results. The last 100 of the last 30 days are kept.",
        Query =
        [
            new(Paging.Limit, "Replays per page.", Schemas.Integer(1, Paging.MaxLimit, Paging.DefaultLimit)),
            new(Paging.StartingAfter, "The last id of the page before.", Schemas.Text(1, Paging.MaxIdLength)),
        ],
        Problems = Reading,
    };

    public static OperationDoc GetReplay { get; } = new("getRoutingReplay", "Routing", "Read a replay, its progress and its result", 200, "RoutingReplay")
    {
        Problems = Reading.Add(ProblemCatalogue.NotFound),
    };

    public static OperationDoc CancelReplay { get; } = new("cancelRoutingReplay", "Routing", "Cancel a replay", 200, "RoutingReplay")
    {
        Description = "Harmless when repeated. One that has ended otherwise is refused.",
        Problems = [.. Reading, ProblemCatalogue.NotFound, ProblemCatalogue.InvalidState],
    };
}
