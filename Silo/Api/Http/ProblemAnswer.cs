using System.Globalization;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Http;

/// <summary>Answers with a problem.</summary>
internal sealed class ProblemAnswer(Problem problem) : IResult
{
    public const string MediaType = "application/problem+json";

    public Problem Problem { get; } = problem;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var kind = Problem.Kind;
        if (Problem.RetryAfter is { } seconds) httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return JsonAnswer.WriteAsync(httpContext, kind.Status, MediaType, ProblemBody.Of(Problem, httpContext.TraceIdentifier), ApiJson.Default.ProblemBody);
    }
}
