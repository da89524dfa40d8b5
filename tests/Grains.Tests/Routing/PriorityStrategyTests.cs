using OrleansPayments.Connectors;
using OrleansPayments.Grains.Routing;
using OrleansPayments.Grains.Tests.Payments;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Tests.Routing;

public sealed class PriorityStrategyTests
{
    private static readonly MerchantId Other = MerchantId.Parse("mer_00000000000000000000000001");

    [Fact]
    public void Eligible_connectors_come_by_priority_then_name_and_the_others_say_why()
    {
        var order = Order(null, View("b", 2), View("a", 2), View("z", 1), View("off", 0, enabled: false), View("eur", 0, currency: "EUR"),
            View("theirs", 0, merchant: Other), View("ours", 3, merchant: Samples.Merchant), View("bank", 0, method: "bank_transfer"));
        Assert.Equal(
            ["z 1", "a 2", "b 3", "ours 4", "bank method_not_supported", "eur currency_not_supported", "off disabled", "theirs other_merchant"],
            order.Select(one => $"{one.Connector} {one.Rank?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? one.Reason}"));
    }

    [Fact]
    public void The_preferred_connector_goes_first_only_where_it_is_eligible()
    {
        Assert.Equal("b", Order("b", View("a", 1), View("b", 9))[0].Connector);
        Assert.Equal("a", Order("b", View("a", 1), View("b", 0, enabled: false))[0].Connector);
    }

    [Fact]
    public void Nobody_is_chosen_where_nobody_is_eligible()
    {
        var order = Order(null, View("off", 0, enabled: false));
        Assert.Null(new RoutingDecision("dec_1", "priority", order).Chosen);
        Assert.Null(new RoutingDecision("dec_1", "priority", []).Chosen);
    }

    private static System.Collections.Immutable.ImmutableArray<RoutingCandidate> Order(string? preferred, params ConnectorView[] connectors) =>
        new PriorityStrategy().Order(new RoutingRequest(Samples.Id, Samples.Merchant, Samples.Amount, "card", preferred), connectors);

    private static ConnectorView View(
        string name, int priority, bool enabled = true, string currency = "*", string method = "card", MerchantId? merchant = null) => new(
        ConnectorName.Parse(name),
        "stripe",
        new ConnectorSettings(enabled, priority, 2000, new ConnectorCapabilities([method], [currency], ["*"]), [], HealthSettings.Default, InquirySettings.Default, merchant),
        1,
        DateTimeOffset.UnixEpoch,
        DateTimeOffset.UnixEpoch);
}
