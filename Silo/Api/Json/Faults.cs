using System.Collections.Immutable;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Json;

/// <summary>
/// What is wrong with a request: the first fault found, and the others for who asks for all. What is there and malformed (400) goes before what is missing, and that before what is only not
/// acceptable (422).
/// Readers go on after a fault with a default value; nothing they read may be used unless this stays empty.
/// </summary>
internal sealed class Faults
{
    /// <summary>More are not listed: a body may be nothing but faults.</summary>
    private const int MaxListed = 100;

    private List<Problem>? _all;

    public Problem? First { get; private set; }

    /// <summary>One for each field, at most a hundred, in the order in which they were found.</summary>
    public ImmutableArray<Problem> All => _all is null ? [] : [.. _all];

    public void Add(Problem problem)
    {
        if (First is null || Rank(problem) < Rank(First)) First = problem;
        _all ??= [];

        // What is said of a field after its first fault follows from that one.
        if (_all.Count < MaxListed && _all.TrueForAll(listed => listed.Param != problem.Param)) _all.Add(problem);
    }

    public void Add(ProblemKind kind, string detail, string? param) => Add(new Problem(kind, detail, param));

    /// <summary>Of two faults, the one with the lower rank goes first.</summary>
    public static int Rank(Problem problem)
    {
        if (problem.Kind == ProblemCatalogue.MissingField) return 1;
        return problem.Kind.Status == StatusCodes.Status400BadRequest ? 0 : 2;
    }
}
