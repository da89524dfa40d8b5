using OrleansPayments.Connectors;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Payments;

/// <summary>Why a candidate gave no leave to charge, as a decision shows it.</summary>
internal static class PermitRefusals
{
    public static string ToReason(this PermitRefusal refusal) => refusal switch
    {
        PermitRefusal.NotFound => RoutingReasons.NotFound,
        PermitRefusal.Disabled => RoutingReasons.Disabled,
        PermitRefusal.CircuitOpen => RoutingReasons.CircuitOpen,
        PermitRefusal.BulkheadFull => RoutingReasons.BulkheadFull,
        PermitRefusal.Draining => RoutingReasons.Draining,
        _ => throw new InvalidOperationException($"Unknown refusal {refusal}."),
    };

    /// <summary>The same payment may find it willing later.</summary>
    public static bool IsTemporary(RoutingCandidate candidate) => candidate.Reason is RoutingReasons.CircuitOpen or RoutingReasons.BulkheadFull;
}
