using System.Collections.Immutable;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Routing;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Tests.Routing;

/// <summary>What holds of every decision, tried on many that a fixed seed makes.</summary>
public sealed class RoutingPropertyTests
{
    private const int Tries = 5_000;

    private static readonly string[] Configurations =
        ["priority", "priority c,a", "cost", "cost 1/0/0", "cost 0/1/2", "value", "split a=5,b=3,c=2,d=1", "rules gte=500>d,b|lte=100>1/1/1 else cost"];

    [Fact]
    public void A_connector_that_is_out_never_changes_the_choice()
    {
        var random = new Random(20_251);
        for (var at = 0; at < Tries; at++)
        {
            var (plan, request, connectors) = Draw(random);
            var ordered = RoutingChoice.Choose("dec_1", request, plan, connectors).Candidates.Where(one => one.Eligible).ToList();
            var kept = connectors.Where(connector => ordered.Any(one => one.Connector == connector.Name)).ToArray();
            Assert.Equal(ordered, RoutingChoice.Choose("dec_1", request, plan, kept).Candidates);
        }
    }

    [Fact]
    public void A_higher_fee_never_makes_a_loser_win()
    {
        var random = new Random(20_252);
        var raised = 0;
        for (var at = 0; at < Tries; at++)
        {
            var (plan, request, connectors) = Draw(random);
            var decision = RoutingChoice.Choose("dec_1", request, plan, connectors);
            foreach (var loser in decision.Candidates.Where(one => one is { Eligible: true, Rank: > 1 }))
            {
                var index = Array.FindIndex(connectors, one => one.Name == loser.Connector);
                var dearer = connectors.ToArray();
                dearer[index] = Dearer(connectors[index], random.Next(1, 500));
                Assert.Equal(decision.Chosen, RoutingChoice.Choose("dec_1", request, plan, dearer).Chosen);
                raised++;
            }
        }

        Assert.True(raised > 2_000, $"{raised}");
    }

    [Fact]
    public void The_order_of_the_same_connectors_is_always_the_same_and_has_each_once()
    {
        var random = new Random(20_253);
        for (var at = 0; at < Tries; at++)
        {
            var (plan, request, connectors) = Draw(random);
            var first = RoutingChoice.Choose("dec_1", request, plan, connectors);
            Assert.Equal(first.Candidates.ToArray(), RoutingChoice.Choose("dec_1", request, plan, connectors).Candidates);
            Assert.Equal(connectors.Where(one => Eligibility.Serves(one, request)).Select(one => one.Name), first.Candidates.Select(one => one.Connector).Order(StringComparer.Ordinal));
            Assert.All(first.Candidates, one => Assert.Equal(one.Rank != 1, one.Reason is not null));
        }
    }

    [Theory]
    [InlineData("a:off", 0, 60, 40)]
    [InlineData("a:down", 0, 60, 40)]
    [InlineData("a", 50, 30, 20)]
    public void A_split_is_kept_within_a_hundredth(string first, int a, int b, int c)
    {
        const int Payments = 100_000;
        var plan = RoutingPlan.Of(Situation.Configuration("split a=50,b=30,c=20"));
        var connectors = Situation.Connectors(first + " b c");
        var random = new Random(20_254);
        var bits = new byte[16];
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal) { ["a"] = 0, ["b"] = 0, ["c"] = 0 };
        for (var at = 0; at < Payments; at++)
        {
            random.NextBytes(bits);
            var request = Situation.Request("") with { PaymentId = PaymentId.FromBits(bits) };
            counts[RoutingChoice.Choose("dec_1", request, plan, connectors).Chosen!]++;
        }

        Assert.InRange(counts["a"] / (double)Payments, (a / 100.0) - 0.01, (a / 100.0) + 0.01);
        Assert.InRange(counts["b"] / (double)Payments, (b / 100.0) - 0.01, (b / 100.0) + 0.01);
        Assert.InRange(counts["c"] / (double)Payments, (c / 100.0) - 0.01, (c / 100.0) + 0.01);
    }

    [Fact]
    public void An_open_circuit_gives_its_part_to_the_others_by_their_shares_and_moves_no_other_payment()
    {
        const int Payments = 100_000;
        var plan = RoutingPlan.Of(Situation.Configuration("split a=50,b=30,c=15,d=5"));
        var (all, rest) = (Situation.Connectors("a b c d"), Situation.Connectors("a:down b c d"));
        var random = new Random(20_255);
        var bits = new byte[16];
        var moved = new SortedDictionary<string, int>(StringComparer.Ordinal) { ["b"] = 0, ["c"] = 0, ["d"] = 0 };
        for (var at = 0; at < Payments; at++)
        {
            random.NextBytes(bits);
            var request = Situation.Request("") with { PaymentId = PaymentId.FromBits(bits) };
            var before = RoutingChoice.Choose("dec_1", request, plan, all).Chosen!;
            var after = RoutingChoice.Choose("dec_1", request, plan, rest).Chosen!;
            if (before == "a") moved[after]++;
            else Assert.Equal(before, after);
        }

        var total = (double)moved.Values.Sum();
        Assert.InRange(total / Payments, 0.49, 0.51);
        Assert.InRange(moved["b"] / total, 0.59, 0.61);
        Assert.InRange(moved["c"] / total, 0.29, 0.31);
        Assert.InRange(moved["d"] / total, 0.09, 0.11);
    }

    // Computed apart from it. A change would send payments that are asked again another way.
    [Theory]
    [InlineData("", "", 13_331_581_593_930_102_267)]
    [InlineData("pay_014d2pf2dbsqqg28t5cy4trzff", "card-a", 14_172_871_590_990_633_867)]
    [InlineData("pay_014d2pf2dbsqqg28t5cy4trzff", "card-b", 672_148_523_827_181_362)]
    public void The_hash_of_a_draw_stays_what_it_is(string first, string second, ulong hash) => Assert.Equal(hash, SplitHash.Of(first, second));

    private static (RoutingPlan Plan, RoutingRequest Request, RoutableConnector[] Connectors) Draw(Random random)
    {
        var bits = new byte[16];
        random.NextBytes(bits);
        var request = Situation.Request($"{random.Next(1, 2000)}") with
        {
            PaymentId = PaymentId.FromBits(bits),
            PreferredConnector = random.Next(4) == 0 ? "b" : null,
        };
        string[] fates = ["", "", "", "off,", "down,", "cur=EUR,", "for=theirs,", "method=wallet,"];
        var connectors = "abcdef"[..random.Next(1, 7)].Select(name => Situation.Connector(
            $"{name}:{fates[random.Next(fates.Length)]}p={random.Next(3)},fee={random.Next(4) * 100}+{random.Next(3)},ok=0.{random.Next(80, 100)},ms={random.Next(3) * 400}"));
        return (RoutingPlan.Of(Situation.Configuration(Configurations[random.Next(Configurations.Length)])), request, [.. connectors]);
    }

    private static RoutableConnector Dearer(RoutableConnector connector, int more)
    {
        var fees = connector.Settings.Fees.Select(fee => fee with { Fixed = fee.Fixed + more }).ToImmutableArray();
        return new RoutableConnector(connector.View with { Settings = connector.Settings with { Fees = fees } }, connector.Signals);
    }
}
