using OrleansPayments.Grains.Routing;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Tests.Routing;

public sealed class RoutingPlansTests
{
    [Fact]
    public void The_newer_configuration_stays_whichever_comes_first()
    {
        var plans = new RoutingPlans(10);
        plans.Tell(Merchant(1), Version(3, "weighted_cost"));
        plans.Tell(Merchant(1), Version(2, "priority"));
        Assert.Equal("weighted_cost", plans.Find(Merchant(1))!.Name);
        plans.Tell(Merchant(1), Version(4, "expected_value"));
        Assert.Equal("expected_value", plans.Find(Merchant(1))!.Name);
        Assert.Null(plans.Find(Merchant(2)));
    }

    [Fact]
    public void No_more_are_kept_than_there_may_be_and_the_oldest_goes_first()
    {
        var plans = new RoutingPlans(3);
        for (var number = 1; number <= 5; number++) plans.Tell(Merchant(number), Version(1, "priority"));
        Assert.Equal(3, plans.Count);
        Assert.Equal([false, false, true, true, true], Enumerable.Range(1, 5).Select(number => plans.Find(Merchant(number)) is not null));

        plans.Tell(Merchant(1), Version(2, "weighted_cost"));
        Assert.Equal("weighted_cost", plans.Find(Merchant(1))!.Name);
        Assert.Null(plans.Find(Merchant(3)));
    }

    private static MerchantRouting Version(int version, string strategy) =>
        new(RoutingConfiguration.Default with { Strategy = strategy }, version, DateTimeOffset.UnixEpoch);

    private static MerchantId Merchant(int number) => MerchantId.FromBits([.. new byte[15], (byte)number]);
}
