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

/// <param name="Rule">The position of the rule that held, 0 for the first; null where none did.</param>
internal sealed record RoutePreviewBody(string Strategy, int? Rule, string? Chosen, ImmutableArray<RouteCandidateBody> Candidates)
{
    public static RoutePreviewBody Of(RoutingDecision decision) => new(
        decision.Strategy, decision.Rule, decision.Chosen, [.. decision.Candidates.Select(RouteCandidateBody.Of)]);
}

/// <summary>A connector as a decision saw it; the terms are in minor units.</summary>
internal sealed record RouteCandidateBody(
    string Connector, bool Eligible, string? Reason, long? Fee, double? Time, double? Risk, double? SuccessRate, double? Cost, int? Rank)
{
    public static RouteCandidateBody Of(RoutingCandidate candidate) => new(
        candidate.Connector, candidate.Eligible, candidate.Reason, candidate.Fee, candidate.Time, candidate.Risk, candidate.SuccessRate, candidate.Cost,
        candidate.Rank);
}
