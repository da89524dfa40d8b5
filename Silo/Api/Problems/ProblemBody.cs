using System.Text.Json.Serialization;

namespace OrleansPayments.Silo.Api.Problems;

/// <summary>A problem on the wire: RFC 9457 with the members <c>code</c>, <c>param</c> and <c>request_id</c>.</summary>
internal sealed record ProblemBody(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Code,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Param,
    string RequestId)
{
    public static ProblemBody Of(Problem problem, string requestId) => new(
        problem.Kind.TypeUri, problem.Kind.Title, problem.Kind.Status, problem.Detail, problem.Kind.Code, problem.Param, requestId);
}
