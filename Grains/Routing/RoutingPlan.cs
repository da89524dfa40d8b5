using System.Collections.Immutable;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing;

/// <summary>A merchant's configuration, made ready for many decisions.</summary>
internal sealed class RoutingPlan
{
    private readonly ImmutableArray<(RuleConditions When, IRoutingStrategy Strategy)> _rules;
    private readonly IRoutingStrategy _otherwise;

    private RoutingPlan(
        RoutingConfiguration configuration, ImmutableArray<(RuleConditions When, IRoutingStrategy Strategy)> rules, IRoutingStrategy otherwise, string? country)
    {
        Name = configuration.Strategy;
        Country = country;
        Failover = configuration.Failover;
        _rules = rules;
        _otherwise = otherwise;
    }

    public static RoutingPlan Default { get; } = Of(RoutingConfiguration.Default);

    /// <summary>The configured strategy, as shown with each decision.</summary>
    public string Name { get; }

    /// <summary>The merchant's country, for payments that tell none; null when it is not known.</summary>
    public string? Country { get; }

    /// <summary>Null for the default.</summary>
    public FailoverSettings? Failover { get; }

    /// <exception cref="InvalidDataException">The configuration names a strategy that there is not.</exception>
    public static RoutingPlan Of(MerchantRouting routing) => Of(routing.Configuration, routing.Country);

    /// <exception cref="InvalidDataException">The configuration names a strategy that there is not.</exception>
    public static RoutingPlan Of(RoutingConfiguration configuration, string? country = null) => configuration.Strategy == RoutingStrategies.Rules
        ? new RoutingPlan(
            configuration, [.. configuration.Rules.Select(rule => (new RuleConditions(rule.When), StrategyOf(rule)))],
            StrategyOf(configuration.Otherwise ?? RoutingStrategies.Priority, configuration), country)
        : new RoutingPlan(configuration, [], StrategyOf(configuration.Strategy, configuration), country);

    /// <param name="rule">The position of the rule that holds; null where none does.</param>
    public IRoutingStrategy For(RoutingRequest request, out int? rule)
    {
        for (var at = 0; at < _rules.Length; at++)
        {
            if (!_rules[at].When.Hold(request)) continue;
            rule = at;
            return _rules[at].Strategy;
        }

        rule = null;
        return _otherwise;
    }

    private static IRoutingStrategy StrategyOf(RoutingRule rule) =>
        rule.Weights is { } weights ? new WeightedCostStrategy(weights) : new ListedStrategy(rule.Use);

    private static IRoutingStrategy StrategyOf(string name, RoutingConfiguration configuration) => name switch
    {
        RoutingStrategies.Priority => new PriorityStrategy(configuration.Order),
        RoutingStrategies.WeightedCost => new WeightedCostStrategy(configuration.Weights ?? RoutingWeights.Default),
        RoutingStrategies.VolumeSplit => new VolumeSplitStrategy(configuration.Split),
        RoutingStrategies.ExpectedValue => new ExpectedValueStrategy(),
        _ => throw new InvalidDataException($"There is no routing strategy {name}."),
    };
}
