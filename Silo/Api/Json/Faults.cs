using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Json;

/// <summary>
/// What is wrong with a request: the first fault found. One that makes the request malformed (400) goes before one that is only not acceptable (422).
/// Readers go on after a fault with a default value; nothing they read may be used unless this stays empty.
/// </summary>
internal sealed class Faults
{
    public Problem? First { get; private set; }

    public void Add(Problem problem)
    {
        if (First is null || problem.Kind.Status < First.Kind.Status) First = problem;
    }

    public void Add(ProblemKind kind, string detail, string? param) => Add(new Problem(kind, detail, param));
}
