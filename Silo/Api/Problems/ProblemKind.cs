namespace OrleansPayments.Silo.Api.Problems;

/// <summary>One row of the error catalogue.</summary>
/// <param name="Code">Stable, snake_case; clients decide by it.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">The same for every occurrence.</param>
/// <param name="Remedy">For the docs page: when it happens and what helps.</param>
internal sealed record ProblemKind(string Code, int Status, string Title, string Remedy)
{
    /// <summary>Where the docs page is published.</summary>
    public const string DocsBase = "https://docs.orleanspayments.dev/errors#";

    /// <summary>The problem's <c>type</c> of RFC 9457: its place on the docs page.</summary>
    public string TypeUri { get; } = DocsBase + Code;

    public Problem With(string detail, string? param = null) => new(this, detail, param);
}
