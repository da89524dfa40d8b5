using System.Collections.Immutable;
using Orleans.Simulation;
using OrleansPayments.Connectors;
using OrleansPayments.Merchants;
using OrleansPayments.Routing;

namespace OrleansPayments.Simulation.World;

/// <summary>The administrator: makes the merchants and connectors, as often as it takes, because the same faults meet this work as any other.</summary>
internal sealed class Setup(PaymentWorld world, SeededRandom random)
{
    public async Task Run()
    {
        foreach (var merchant in world.Merchants)
        {
            var view = await Insist(grains => grains.Merchant(merchant).Create(
                new CreateMerchant("Merchant", "DE", Currency.Parse("EUR"), "fingerprint")));
            if (view.Merchant.Id != merchant) world.Fail($"merchant {merchant} was made as {view.Merchant.Id}");
        }

        foreach (var connector in world.Connectors)
        {
            var view = await Insist(grains => grains.Connector(connector).Create(
                new CreateConnector(connector.Value, SettingsOf(), new ConnectorCredentials(ImmutableSortedDictionary<string, string>.Empty), "creation")));
            if (view.Connector.Name != connector) world.Fail($"connector {connector} was made as {view.Connector.Name}");
        }

        foreach (var merchant in world.Merchants)
        {
            var routing = ConfigurationOf();
            await Insist(grains => grains.Merchant(merchant).ConfigureRouting(routing));
            world.Configure(merchant, routing.Failover ?? FailoverSettings.Default);
        }

        // Binds every payment that starts after the answers.
        var listed = await Insist(async grains => (Outcome<ConnectorList>)await grains.Routing().ListConnectors());
        if (!listed.Connectors.Select(connector => connector.Name).SequenceEqual(world.Connectors)) world.Fail("routing does not know the connectors that were made");
    }

    private RoutingConfiguration ConfigurationOf()
    {
        var names = world.Connectors.Select(connector => connector.Value).OrderBy(_ => random.NextUInt64()).ToImmutableArray();
        var configuration = random.Next(5) switch
        {
            0 => RoutingConfiguration.Default,
            1 => RoutingConfiguration.Default with { Order = names },
            2 => RoutingConfiguration.Default with { Strategy = RoutingStrategies.WeightedCost, Weights = RoutingWeights.Default },
            3 => RoutingConfiguration.Default with { Strategy = RoutingStrategies.ExpectedValue },
            _ => RoutingConfiguration.Default with
            {
                Strategy = RoutingStrategies.VolumeSplit,
                Split = [.. names.Take(2).Order(StringComparer.Ordinal).Select(name => new RoutingShare(name, random.Between(1, 100)))],
            },
        };
        return random.Chance(0.3)
            ? configuration
            : configuration with { Failover = new FailoverSettings(random.Between(1, FailoverSettings.MostAttempts), random.Chance(0.8)) };
    }

    private ConnectorSettings SettingsOf() => new(
        Enabled: true,
        Priority: random.Next(10),
        TimeoutMs: random.Pick([500, 2_000, 10_000, 20_000]),
        new ConnectorCapabilities(["card"], ["*"], ["*"]),
        [],
        new HealthSettings(WindowSeconds: 60, MinCalls: random.Pick([2, 20]), OpenBelowSuccessRate: 0.5, OpenSeconds: random.Pick([1, 30])),
        new InquirySettings(random.Pick([100, 500, 5_000]), (int)FaultPlan.SettlingWindow.TotalSeconds, random.Pick([5, 45, InquirySettings.DefaultGiveUpAfterSeconds])),
        MerchantId: null,
        MaxInFlight: random.Pick([1, 2, ConnectorSettings.DefaultMaxInFlight]));

    private async Task<T> Insist<T>(Func<IGrainFactory, Task<Outcome<T>>> call)
    {
        while (true)
        {
            try
            {
                var outcome = await world.Silo.Call(call);
                if (outcome.TryGet(out var value, out var refusal)) return value;
                throw new InvalidOperationException($"The set-up was refused: {refusal.Code}.");
            }
            catch (Exception e) when (Outage.Is(e))
            {
                await Task.Delay(random.Between(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2)), world.Loop.Outside.Time);
            }
        }
    }
}
