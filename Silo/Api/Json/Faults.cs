using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Json;

/// <summary>
/// What is wrong with a request: the first fault found. What is there and malformed (400) goes before what is missing, and that before what is only not
/// acceptable (422).
/// Readers go on after a fault with a default value; nothing they read may be used unless this stays empty.
/// </summary>
internal sealed class Faults
{
    public Problem? First { get; private set; }

    public void Add(Problem problem)
    {
        if (First is null || Rank(problem) < Rank(First)) First = problem;
    }

    public void Add(ProblemKind kind, string detail, string? param) => Add(new Problem(kind, detail, param));

    private static int Rank(Problem problem)
    {
        if (problem.Kind == ProblemCatalogue.MissingField) return 1;
        return problem.Kind.Status == StatusCodes.Status400BadRequest ? 0 : 2;
    }
}
