using System.Collections.Immutable;

namespace OrleansPayments.Routing;

/// <summary>The names of the strategies, as they are configured and shown.</summary>
public static class RoutingStrategies
{
    /// <summary>In the merchant's order, then by the connectors' own priority.</summary>
    public const string Priority = "priority";

    /// <summary>The lowest weighted sum of fee, time and risk.</summary>
    public const string WeightedCost = "weighted_cost";

    /// <summary>By shares, the same payment always alike.</summary>
    public const string VolumeSplit = "volume_split";

    /// <summary>The first rule whose conditions hold.</summary>
    public const string Rules = "rules";

    /// <summary>The most that may be expected to be left of the amount.</summary>
    public const string ExpectedValue = "expected_value";

    public static ImmutableArray<string> All { get; } = [Priority, WeightedCost, VolumeSplit, Rules, ExpectedValue];
}
