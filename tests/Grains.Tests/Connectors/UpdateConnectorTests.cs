using OrleansPayments.Connectors;

namespace OrleansPayments.Grains.Tests.Connectors;

/// <summary>What a change makes of a connector's settings.</summary>
public sealed class UpdateConnectorTests
{
    private static readonly ConnectorSettings Before = new(
        Enabled: true, Priority: 1, TimeoutMs: 2_000, new ConnectorCapabilities(["card"], ["USD"], ["SG"], ["visa"], [new AmountRange("USD", 1, 2)]),
        [new ConnectorFee("card", "*", 290, 30)], new HealthSettings(10, 11, 0.25, 12), new InquirySettings(200, 13, 14), MerchantId: null, MaxInFlight: 7);

    [Fact]
    public void What_is_not_named_stays() => Assert.Equal(Before, new UpdateConnector().ApplyTo(Before));

    [Fact]
    public void Each_member_is_changed_alone()
    {
        Assert.Equal(Before with { Priority = 2 }, new UpdateConnector(Priority: 2).ApplyTo(Before));
        Assert.Equal(Before with { TimeoutMs = 3_000 }, new UpdateConnector(TimeoutMs: 3_000).ApplyTo(Before));
        Assert.Equal(Before with { MaxInFlight = 8 }, new UpdateConnector(MaxInFlight: 8).ApplyTo(Before));
        Assert.Equal(Before with { MaxInFlight = null }, new UpdateConnector(MaxInFlight: ConnectorSettings.DefaultMaxInFlight).ApplyTo(Before));
        Assert.Empty(new UpdateConnector(Fees: []).ApplyTo(Before).Fees);
    }

    [Fact]
    public void Objects_are_merged_and_lists_replaced()
    {
        var given = new CapabilityChanges(null, ["*"], null, null, null);
        Assert.Equal(Before.Capabilities with { Currencies = given.Currencies!.Value }, new UpdateConnector(Capabilities: given).ApplyTo(Before).Capabilities);
        Assert.Equal(new HealthSettings(10, 21, 0.25, 12), new UpdateConnector(Health: new HealthChanges(null, 21, null, null)).ApplyTo(Before).Health);
        Assert.Equal(new HealthSettings(20, 11, 0.5, 22), new UpdateConnector(Health: new HealthChanges(20, null, 0.5, 22)).ApplyTo(Before).Health);
        Assert.Equal(new InquirySettings(200, 23, 14), new UpdateConnector(Inquiry: new InquiryChanges(null, 23, null)).ApplyTo(Before).Inquiry);
        Assert.Equal(new InquirySettings(300, 13, 24), new UpdateConnector(Inquiry: new InquiryChanges(300, null, 24)).ApplyTo(Before).Inquiry);
    }

    [Fact]
    public void A_limit_that_is_lifted_leaves_nothing_behind()
    {
        var changed = new UpdateConnector(Capabilities: new CapabilityChanges(null, null, null, ["*"], [])).ApplyTo(Before).Capabilities;
        Assert.Null(changed.Networks);
        Assert.Null(changed.Amounts);
    }

    [Theory]
    [InlineData(ConnectorStatus.Enabled, true, false)]
    [InlineData(ConnectorStatus.Draining, false, true)]
    [InlineData(ConnectorStatus.Disabled, false, false)]
    public void Every_status_follows_every_other(ConnectorStatus status, bool enabled, bool draining)
    {
        foreach (var before in Enum.GetValues<ConnectorStatus>())
        {
            var changed = new UpdateConnector(Status: status).ApplyTo(Before.In(before));
            Assert.Equal((enabled, draining, status), (changed.Enabled, changed.Draining, changed.Status));
        }
    }
}
