using Orleans.Runtime;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Http;

/// <summary>What a caller hears of an exception, and what the log does.</summary>
internal sealed partial class FailureProblems(ILogger<FailureProblems> logger)
{
    public Problem Of(FailedRequest request, Exception e)
    {
        switch (e)
        {
            case BadHttpRequestException bad:
                return ProblemCatalogue.OfStatus(bad.StatusCode).With("The server could not read the request.");
            case TimeoutException when request.IsRepeatable:
                return ProblemCatalogue.IdempotencyInProgress.With("The request is still running; send it again with the same key to hear how it ended.");
            case TimeoutException:
                LogUnavailable(request.Id, e);
                return ProblemCatalogue.TemporarilyUnavailable.With("The answer took too long.");
            case LimitExceededException:
                LogUnavailable(request.Id, e);
                return ProblemCatalogue.Overloaded.With("A queue is full.");
            case JournalUnavailableException or OrleansMessageRejectionException:
                LogUnavailable(request.Id, e);
                return ProblemCatalogue.TemporarilyUnavailable.With("The service is starting, stopping or cannot reach its store.");
            default:
                // Also a JournalRejectedException: what the store would refuse should have been refused by the validation.
                LogFailed(request.Id, request.Method, request.Route, e);
                return ProblemCatalogue.InternalError.With("The failure was recorded.");
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Request {RequestId} failed: {Method} {Route}")]
    private partial void LogFailed(string requestId, string method, string route, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "Request {RequestId} could not be served now")]
    private partial void LogUnavailable(string requestId, Exception exception);
}

/// <param name="Route">The pattern and not the path: a path is what the caller wrote.</param>
/// <param name="IsRepeatable">Whether the caller may send it again under its idempotency key.</param>
internal sealed record FailedRequest(string Id, string Method, string Route, bool IsRepeatable)
{
    public static FailedRequest Of(HttpContext http) => new(
        http.TraceIdentifier,
        http.Request.Method,
        (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none",
        IdempotencyKey.IsGiven(http.Request) && HttpMethods.IsPost(http.Request.Method));
}
