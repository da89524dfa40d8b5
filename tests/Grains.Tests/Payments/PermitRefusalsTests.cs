using OrleansPayments.Connectors;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Tests.Payments;

/// <summary>What a decision shows of a connector that gave no leave.</summary>
public sealed class PermitRefusalsTests
{
    [Theory]
    [InlineData(PermitRefusal.NotFound, "not_found", false)]
    [InlineData(PermitRefusal.Disabled, "disabled", false)]
    [InlineData(PermitRefusal.CircuitOpen, "circuit_open", true)]
    [InlineData(PermitRefusal.BulkheadFull, "bulkhead_full", true)]
    public void A_refusal_has_its_name_and_may_pass(PermitRefusal refusal, string reason, bool temporary)
    {
        Assert.Equal(reason, refusal.ToReason());
        Assert.Equal(temporary, PermitRefusals.IsTemporary(new RoutingCandidate("a", false, reason, null)));
    }
}
