using System.Collections.Immutable;

namespace OrleansPayments.Silo.Api.Health;

internal sealed record HealthBody(string Status);

/// <param name="Status"><c>ready</c> or <c>not_ready</c>.</param>
/// <param name="Reasons">One for each check that fails; empty when ready.</param>
internal sealed record ReadyBody(string Status, ImmutableArray<NotReadyReason> Reasons);

internal sealed record NotReadyReason(string Check, string Reason);
