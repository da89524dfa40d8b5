using OrleansPayments.Connectors;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Payments;

/// <summary>Why a candidate gave no leave to charge, as a decision shows it.</summary>
internal static class PermitRefusals
{
    /// <summary>The caller would have to wait for longer than it can.</summary>
    public const string NoTimeLeft = "no_time_left";

    private const string CircuitOpen = "circuit_open";
    private const string BulkheadFull = "bulkhead_full";

    public static string ToReason(this PermitRefusal refusal) => refusal switch
    {
        PermitRefusal.NotFound => "not_found",
        PermitRefusal.Disabled => "disabled",
        PermitRefusal.CircuitOpen => CircuitOpen,
        PermitRefusal.BulkheadFull => BulkheadFull,
        _ => throw new InvalidOperationException($"Unknown refusal {refusal}."),
    };

    /// <summary>The same payment may find it willing later.</summary>
    public static bool IsTemporary(RoutingCandidate candidate) => candidate.Reason is CircuitOpen or BulkheadFull;
}
