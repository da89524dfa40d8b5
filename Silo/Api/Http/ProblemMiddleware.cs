using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Http;

/// <summary>Turns what goes wrong further in into a problem: exceptions, and refusals of the server that have no body.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, FailureProblems failures, ILogger<ProblemMiddleware> logger)
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
            await Answer(http, failures.Of(FailedRequest.Of(http), e));
            return;
        }

        if (http.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null }) await AnswerBare(http);
    }

    // The caller went away while its body was being read; nobody is left to answer.
    private static bool IsDisconnect(HttpContext http, Exception e) =>
        http.RequestAborted.IsCancellationRequested && (e is OperationCanceledException or Microsoft.AspNetCore.Connections.ConnectionResetException);

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

    [LoggerMessage(1, LogLevel.Debug, "The caller of request {RequestId} went away")]
    private partial void LogDisconnected(string requestId);
}
