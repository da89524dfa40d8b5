using System.Collections.Immutable;
using OrleansPayments.Routing;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary>What would become of a payment, as far as it can be told without sending anything.</summary>
/// <param name="Errors">The first is what its creation would be refused with; empty when it would not.</param>
/// <param name="Routing">Null when what a route depends on is wrong.</param>
internal sealed record PaymentValidationBody(bool Valid, ImmutableArray<ValidationErrorBody> Errors, RoutePreviewBody? Routing);

/// <param name="Code">Of a problem, or of the error that the payment would fail with.</param>
internal sealed record ValidationErrorBody(string Code, string? Param, string Detail)
{
    public static ValidationErrorBody Of(Problem problem) => new(problem.Kind.Code, problem.Param, problem.Detail);
}

internal sealed record RoutePreviewBody(string Strategy, string? Chosen, ImmutableArray<RouteCandidateBody> Candidates)
{
    public static RoutePreviewBody Of(RoutingDecision decision) => new(
        decision.Strategy, decision.Chosen,
        [.. decision.Candidates.Select(candidate => new RouteCandidateBody(candidate.Connector, candidate.Eligible, candidate.Reason, candidate.Rank))]);
}

internal sealed record RouteCandidateBody(string Connector, bool Eligible, string? Reason, int? Rank);
