using System.Collections.Immutable;
using Microsoft.OpenApi;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.OpenApi;

/// <summary>What the API description says of one route; attached to the route as metadata.</summary>
/// <param name="OperationId">Unique, camelCase.</param>
/// <param name="Status">Of the ordinary answer.</param>
/// <param name="Answer">The schema of the ordinary answer; null when it has no body.</param>
internal sealed record OperationDoc(string OperationId, string Tag, string Summary, int Status, string? Answer)
{
    public string? Description { get; init; }

    /// <summary>The schema of the body; null for none.</summary>
    public string? Request { get; init; }

    /// <summary>No body says the same as an empty object.</summary>
    public bool IsRequestOptional { get; init; }

    /// <summary>Whether a POST may be repeated under an idempotency key.</summary>
    public bool TakesIdempotencyKey { get; init; } = true;

    /// <summary>What a body of no schema of ours is; null where there is a schema or no body.</summary>
    public string? ForeignRequest { get; init; }

    /// <summary>False for a route that is open to everybody.</summary>
    public bool IsAuthenticated { get; init; } = true;

    public ImmutableArray<QueryParameterDoc> Query { get; init; } = [];

    public ImmutableArray<ProblemKind> Problems { get; init; } = [];

    /// <summary>An ordinary answer of another status: <c>/ready</c> has one.</summary>
    public (int Status, string Description, string Answer)? Alternative { get; init; }
}

internal sealed record QueryParameterDoc(string Name, string Description, OpenApiSchema Schema);
