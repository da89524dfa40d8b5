using Orleans.Runtime;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Http;

/// <summary>Turns what goes wrong further in into a problem: exceptions, and refusals of the server that have no body.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (Exception e) when (IsDisconnect(http, e))
        {
            LogDisconnected(http.TraceIdentifier);
            return;
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            await Answer(http, ProblemOf(http, e));
            return;
        }

        if (http.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null }) await AnswerBare(http);
    }

    // The caller went away while its body was being read; nobody is left to answer.
    private static bool IsDisconnect(HttpContext http, Exception e) =>
        http.RequestAborted.IsCancellationRequested && (e is OperationCanceledException or Microsoft.AspNetCore.Connections.ConnectionResetException);

    private Problem ProblemOf(HttpContext http, Exception e)
    {
        switch (e)
        {
            case BadHttpRequestException bad:
                return ProblemCatalogue.OfStatus(bad.StatusCode).With("The server could not read the request.");
            case TimeoutException when IdempotencyKey.IsGiven(http.Request) && HttpMethods.IsPost(http.Request.Method):
                return ProblemCatalogue.IdempotencyInProgress.With("The request is still running; send it again with the same key to hear how it ended.");
            case TimeoutException:
                LogUnavailable(http.TraceIdentifier, e);
                return ProblemCatalogue.TemporarilyUnavailable.With("The answer took too long.");
            case LimitExceededException:
                LogUnavailable(http.TraceIdentifier, e);
                return ProblemCatalogue.Overloaded.With("A queue is full.");
            case JournalUnavailableException or OrleansMessageRejectionException:
                LogUnavailable(http.TraceIdentifier, e);
                return ProblemCatalogue.TemporarilyUnavailable.With("The service is starting, stopping or cannot reach its store.");
            default:
                // Also a JournalRejectedException: what the store would refuse should have been refused by the validation.
                LogFailed(http.TraceIdentifier, http.Request.Method, RouteOf(http), e);
                return ProblemCatalogue.InternalError.With("The failure was recorded.");
        }
    }

    private static Task Answer(HttpContext http, Problem problem)
    {
        var requestId = http.Response.Headers[RequestIdMiddleware.Header];
        http.Response.Clear();
        http.Response.Headers[RequestIdMiddleware.Header] = requestId;
        return new ProblemAnswer(problem).ExecuteAsync(http);
    }

    private static Task AnswerBare(HttpContext http)
    {
        var kind = ProblemCatalogue.OfStatus(http.Response.StatusCode);
        return new ProblemAnswer(kind.With(kind.Title + ".")).ExecuteAsync(http);
    }

    // The pattern and not the path: a path is what the caller wrote.
    private static string RouteOf(HttpContext http) => (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";

    [LoggerMessage(1, LogLevel.Error, "Request {RequestId} failed: {Method} {Route}")]
    private partial void LogFailed(string requestId, string method, string route, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "Request {RequestId} could not be served now")]
    private partial void LogUnavailable(string requestId, Exception exception);

    [LoggerMessage(3, LogLevel.Debug, "The caller of request {RequestId} went away")]
    private partial void LogDisconnected(string requestId);
}
