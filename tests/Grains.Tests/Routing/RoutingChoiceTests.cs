using OrleansPayments.Grains.Routing;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Tests.Routing;

/// <summary>Which connector is chosen, and why each other is not.</summary>
public sealed class RoutingChoiceTests
{
    public static TheoryData<string, string, string, string, string> Situations()
    {
        var data = new TheoryData<string, string, string, string, string>();
        foreach (var line in Repository.Read("tests/Grains.Tests/Routing/situations.txt").Split('\n'))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var cells = line.Split(';', StringSplitOptions.TrimEntries);
            data.Add(cells[0], cells[1], cells[2], cells[3], cells[4]);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Situations))]
    public void The_order_and_its_reasons(string name, string configuration, string request, string connectors, string expected)
    {
        var decision = Situation.Decide(configuration, request, connectors);
        Assert.True(expected == Situation.Show(decision), $"{name}: {Situation.Show(decision)}, not {expected}.");
        var eligible = decision.Candidates.Where(one => one.Eligible).ToList();
        Assert.Equal(Enumerable.Range(1, eligible.Count), eligible.Select(one => one.Rank!.Value));
        Assert.Equal(eligible.FirstOrDefault().Connector, decision.Chosen);
    }

    [Fact]
    public void There_are_situations_enough_and_no_two_of_the_same_name()
    {
        var names = Situations().Select(row => (string)row[0]).ToList();
        Assert.True(names.Count >= 60, $"{names.Count}");
        Assert.Equal(names.Count, names.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void An_eligible_candidate_shows_its_terms_and_one_that_may_not_take_the_payment_none()
    {
        var decision = Situation.Decide("cost", "", "a:fee=290+30,ms=300,p=7 b:off");
        Assert.Equal(new RoutingCandidate("a", true, null, 1, 59, 3, 5, 0.95, 36.8, 7), decision.Candidates[0]);
        Assert.Equal(new RoutingCandidate("b", false, "disabled", null), decision.Candidates[1]);
    }

    [Theory]
    [InlineData("split b=1", "not_in_split")]
    [InlineData("rules gte=1>b", "not_in_rule")]
    public void One_that_only_the_configuration_leaves_out_shows_its_terms(string configuration, string reason)
    {
        var decision = Situation.Decide(configuration, "", "a:fee=290+30,ms=300,p=7 b");
        Assert.Equal(new RoutingCandidate("a", false, reason, null, 59, 3, 5, 0.95, null, 7), decision.Candidates[1]);
    }

    [Fact]
    public void The_cost_is_shown_where_the_strategy_goes_by_it()
    {
        Assert.Equal(36.8, Situation.Decide("cost", "", "a:fee=290+30,ms=300").Candidates[0].Cost);
        Assert.Equal(106.05, Situation.Decide("value", "", "a:fee=290+30,ms=300").Candidates[0].Cost);
        Assert.Null(Situation.Decide("priority", "", "a:fee=290+30,ms=300").Candidates[0].Cost);
        Assert.Null(Situation.Decide("split a=1", "", "a:fee=290+30,ms=300").Candidates[0].Cost);
    }

    [Fact]
    public void The_decision_names_the_strategy_and_the_rule()
    {
        Assert.Equal(("rules", 1), Named("rules currency=JPY>a|gte=1>a", ""));
        Assert.Equal(("rules", 0), Named("rules currency=JPY>a|gte=1>a", "JPY"));
        Assert.Equal(("rules", null), Named("rules currency=JPY>a", ""));
        Assert.Equal(("priority", null), Named("priority", ""));

        static (string Strategy, int? Rule) Named(string configuration, string request)
        {
            var decision = Situation.Decide(configuration, request, "a");
            return (decision.Strategy, decision.Rule);
        }
    }

    [Fact]
    public void More_connectors_than_fit_the_stack_are_ordered_too()
    {
        var connectors = Enumerable.Range(0, 1000).Select(at => Situation.Connector($"c{at:0000}:p={999 - at}")).ToArray();
        var decision = RoutingChoice.Choose("dec_1", Situation.Request(""), RoutingPlan.Default, connectors);
        Assert.Equal(connectors.Reverse().Select(one => one.Name), decision.Candidates.Select(one => one.Connector));
    }

    [Theory]
    [InlineData("priority a")]
    [InlineData("value")]
    [InlineData("cost")]
    public void A_decision_brings_the_failover_that_was_configured(string configuration)
    {
        var failover = new FailoverSettings(4, false);
        var plan = RoutingPlan.Of(Situation.Configuration(configuration) with { Failover = failover });
        Assert.Equal(failover, RoutingChoice.Choose("dec_1", Situation.Request(""), plan, Situation.Connectors("a")).Failover);
        Assert.Null(Situation.Decide(configuration, "", "a").Failover);
    }

    [Fact]
    public void A_strategy_that_there_is_not_is_refused() =>
        Assert.Throws<InvalidDataException>(() => RoutingPlan.Of(RoutingConfiguration.Default with { Strategy = "guess" }));
}
