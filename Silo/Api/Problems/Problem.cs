namespace OrleansPayments.Silo.Api.Problems;

/// <summary>One occurrence of an error.</summary>
/// <param name="Detail">A sentence for this occurrence; carries no secret, no card data and no internals.</param>
/// <param name="Param">JSON pointer to the one field at fault, in the body or in the object that the query parameters form; null when there is none.</param>
internal sealed record Problem(ProblemKind Kind, string Detail, string? Param = null)
{
    /// <summary>In seconds; sent as <c>Retry-After</c>.</summary>
    public int? RetryAfter => Kind.Status == StatusCodes.Status503ServiceUnavailable ? 1 : null;

    /// <summary>The same where the object at fault is a part of the body.</summary>
    /// <param name="pointer">To the object; empty when it is the body.</param>
    public Problem Under(string pointer) => Param is null ? this : this with { Param = pointer + Param };

    public static Problem Of(Refusal refusal) => new(ProblemCatalogue.Of(refusal.Code), refusal.Detail, refusal.Param);
}
