using OrleansPayments.Grains.Routing;
using OrleansPayments.Grains.Tests.Payments;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Tests.Routing;

/// <summary>The formula against values that were computed apart from it.</summary>
public sealed class RoutingCostTests
{
    public static TheoryData<string[]> Cases() =>
        [.. Repository.Read("tests/Grains.Tests/Routing/cost-cases.tsv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2).Select(line => line.Split('\t'))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_term_is_as_computed_apart(string[] cells)
    {
        var amount = Money.FromMinorUnits(Situation.Number(cells[1]), Currency.Parse(cells[0]));
        var plain = Situation.Connector($"a:ok={cells[3]},ms={cells[4]}");
        var view = plain.View with { Settings = plain.Settings with { Fees = [.. Situation.Words(cells[2], ';').Select(Situation.Fee)] } };
        var weights = Situation.Weights(cells[5].Replace(' ', '/'));

        var cost = RoutingCost.Of(new RoutingRequest(Samples.Id, Samples.Merchant, amount, "card", null), new RoutableConnector(view, plain.Signals));
        Assert.Equal(Situation.Number(cells[8]), cost.Fee);
        Near(cells[9], cost.Time);
        Near(cells[10], cost.Risk);
        Near(cells[11], cost.WeightedBy(weights));
        Near(cells[12], cost.ExpectedLoss(amount.MinorUnits, plain.Signals.SuccessRate));
    }

    [Fact]
    public void There_are_twenty_cases() => Assert.Equal(20, Cases().Count);

    [Fact]
    public void The_default_weights_are_as_documented() => Assert.Equal(new RoutingWeights(0.6, 0.3, 0.1), RoutingWeights.Default);

    [Fact]
    public void Nothing_known_counts_as_an_ordinary_connector() => Assert.Equal(new RoutingSignals(0.95, 500, true), RoutingSignals.Unknown);

    [Fact]
    public void No_rate_overflows_and_a_fee_that_does_is_no_fee()
    {
        var request = Situation.Request("") with { Amount = Money.FromMinorUnits(long.MaxValue, Currency.Parse("USD")) };
        Assert.Equal(long.MaxValue, ConnectorFees.FeeOf([Situation.Fee("*/*:10000+0")], request));
        Assert.Throws<OverflowException>(() => ConnectorFees.FeeOf([Situation.Fee("*/*:10000+1")], request));
    }

    // Rounding to a ten-thousandth may happen twice, and a large amount has no more digits than a double.
    private static void Near(string expected, double actual)
    {
        var wanted = Situation.Real(expected);
        Assert.InRange(actual, wanted - 0.0002, wanted + 0.0002);
    }
}
