using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Tests.Routing;

/// <summary>A candidate that is ruled out afterwards.</summary>
public sealed class RoutingDecisionTests
{
    private static readonly RoutingDecision Decision = new(
        "dec_1", "priority", [new("b", true, null, 1), new("a", true, "higher_cost", 2), new("c", true, "later_name", 3), new("0", false, "disabled", null)]);

    [Fact]
    public void Those_behind_it_move_up_and_it_tells_why()
    {
        var without = Decision.Without("b", "circuit_open");
        Assert.Equal<RoutingCandidate>(
            [new("a", true, null, 1), new("c", true, "later_name", 2), new("0", false, "disabled", null), new("b", false, "circuit_open", null)], without.Candidates);
        Assert.Equal(("dec_1", "priority", "a"), (without.DecisionId, without.Strategy, without.Chosen));
    }

    [Fact]
    public void Without_all_none_is_chosen()
    {
        var none = Decision.Without("a", "x").Without("b", "y").Without("c", "z");
        Assert.Null(none.Chosen);
        Assert.Equal(["0 disabled", "a x", "b y", "c z"], none.Candidates.Select(candidate => $"{candidate.Connector} {candidate.Reason}"));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("unknown")]
    public void One_that_was_not_eligible_changes_nothing(string connector) => Assert.Same(Decision, Decision.Without(connector, "circuit_open"));
}
