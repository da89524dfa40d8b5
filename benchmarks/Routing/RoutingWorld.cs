using System.Collections.Immutable;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Routing;
using OrleansPayments.Routing;

namespace OrleansPayments.Benchmarks.Routing;

/// <summary>
/// The grain that decides, with connectors that all told of their health: of eight, one's circuit is open and one takes another currency. It is called directly: what
/// the engine adds to a call is measured by <c>./run bench engine</c>.
/// </summary>
internal sealed class RoutingWorld
{
    private readonly ConnectorView[] _connectors;
    private long _sequence;

    public RoutingWorld(int connectors)
    {
        _connectors = [.. Enumerable.Range(0, connectors).Select(Connector)];
        foreach (var connector in _connectors) Tell(Grain.Refresh(connector));
        for (var at = 0; at < connectors; at++) Tell(Grain.ReportHealth(Health(at)));
    }

    // Nothing that is measured records or asks anybody.
    public RoutingGrain Grain { get; } = new(null!, null!, TimeProvider.System);

    public RoutingRequest Request { get; } = new(
        PaymentId.Parse("pay_014d2pf2dbsqqg28t5cy4trzff"), MerchantId.Parse("mer_00000000000000000000000001"),
        Money.FromMinorUnits(123_45, Currency.Parse("USD")), "card", null, "visa", "424242", Map("channel", "web", "order", "4711", "tier", "gold"));

    public void Configure(string strategy) => Tell(Grain.Configure(Request.MerchantId, new MerchantRouting(ConfigurationOf(strategy), 1, DateTimeOffset.UnixEpoch)));

    /// <summary>What the connector says next.</summary>
    public ConnectorHealthView Health(int at)
    {
        var state = at % 8 == 3 ? CircuitState.Open : CircuitState.Closed;
        return new ConnectorHealthView(
            _connectors[at].Name, ++_sequence, state, 500, 0.9 + (at % 10 * 0.01), 0.95, new TechnicalFailures(0, 0, 0), new LatencyView(200 + (at % 7 * 50), 200, 400, 900),
            10, 1000, null, state == CircuitState.Open ? TimeSpan.FromHours(1) : TimeSpan.Zero);
    }

    // Those that are out have a part in splits and rules like the others; a rule names at most a hundred.
    private RoutingConfiguration ConfigurationOf(string strategy)
    {
        ImmutableArray<string> names = [.. _connectors.Select(connector => connector.Name.Value).Take(100)];
        var configuration = RoutingConfiguration.Default;
        return strategy switch
        {
            RoutingStrategies.Priority => configuration with { Order = [.. names.Reverse()] },
            RoutingStrategies.WeightedCost or RoutingStrategies.ExpectedValue => configuration with { Strategy = strategy },
            RoutingStrategies.VolumeSplit => configuration with { Strategy = strategy, Split = [.. names.Select((name, at) => new RoutingShare(name, 1 + (at % 5)))] },
            RoutingStrategies.Rules => configuration with { Strategy = strategy, Rules = RulesWith(new RoutingRule(LateConditions, names, null)) },
            "rules, cost" => configuration with { Strategy = RoutingStrategies.Rules, Rules = RulesWith(new RoutingRule(LateConditions, [], RoutingWeights.Default)) },
            _ => throw new ArgumentOutOfRangeException(nameof(strategy), strategy, null),
        };
    }

    // Ten, of which the ninth holds; those before it fail by each kind of condition, most of them late.
    private ImmutableArray<RoutingRule> RulesWith(RoutingRule ninth)
    {
        var any = LateConditions with { Metadata = Map() };
        ImmutableArray<string> use = [_connectors[0].Name.Value];
        return
        [
            new(any with { Currencies = ["EUR", "GBP", "CHF"] }, use, null),
            new(any with { AmountGte = 1_000_00 }, use, null),
            new(any with { AmountLte = 5_00 }, use, null),
            new(any with { Networks = ["amex", "jcb", "diners"] }, use, null),
            new(any with { BinPrefixes = ["34", "37", "4000", "4111"] }, use, null),
            new(any with { Methods = ["wallet"] }, use, null),
            new(any with { Metadata = Map("tier", "silver") }, use, null),
            new(any with { Metadata = Map("channel", "web", "region", "emea") }, use, null),
            ninth,
            new(any, use, null),
        ];
    }

    private static RoutingConditions LateConditions { get; } =
        new(["USD", "CAD"], 100_00, 500_00, ["card"], ["mastercard", "visa"], ["51", "4242"], Map("channel", "web", "tier", "gold"));

    private static ConnectorView Connector(int number)
    {
        var currencies = number % 8 == 6 ? ImmutableArray.Create("EUR", "CHF") : ["EUR", "GBP", "USD"];
        ImmutableArray<ConnectorFee> fees =
            [new("*", "*", 350, 30), new("card", "*", 290, 30), new("card", "EUR", 140 + number, 25), new("card", "USD", 250 + (number % 9 * 10), 20 + (number % 4))];
        var settings = new ConnectorSettings(
            true, number % 3, 2000, new ConnectorCapabilities(["card"], currencies, ["*"]), fees, HealthSettings.Default, InquirySettings.Default, null);
        return new ConnectorView(ConnectorName.Parse($"connector-{number:000}"), "stripe", settings, 1, default, default);
    }

    private static ImmutableSortedDictionary<string, string> Map(params string[] keysAndValues) => keysAndValues
        .Chunk(2).ToImmutableSortedDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    // The grain answers these at once.
    private static void Tell(Task told)
    {
        if (!told.IsCompletedSuccessfully) throw new InvalidOperationException("The grain did not take it.");
    }
}
