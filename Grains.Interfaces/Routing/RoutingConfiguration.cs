using System.Collections.Immutable;

namespace OrleansPayments.Routing;

/// <summary>How a merchant's payments are routed. Members that the strategy does not use are empty or null.</summary>
/// <param name="Strategy">One of <see cref="RoutingStrategies.All"/>.</param>
/// <param name="Weights">Of <c>weighted_cost</c>; null for <see cref="RoutingWeights.Default"/>.</param>
/// <param name="Order">Of <c>priority</c>: these connectors first, in this order; the others follow by their own priority.</param>
/// <param name="Split">Of <c>volume_split</c>: only these connectors, by their shares.</param>
/// <param name="Rules">Of <c>rules</c>: the first whose conditions hold decides.</param>
/// <param name="Otherwise">The strategy where no rule holds; null for <c>priority</c>.</param>
/// <param name="Failover">Under every strategy; null for <see cref="FailoverSettings.Default"/>.</param>
[GenerateSerializer, Immutable, Alias("routing_configuration")]
public sealed record RoutingConfiguration(
    [property: Id(0)] string Strategy,
    [property: Id(1)] RoutingWeights? Weights,
    [property: Id(2)] ImmutableArray<string> Order,
    [property: Id(3)] ImmutableArray<RoutingShare> Split,
    [property: Id(4)] ImmutableArray<RoutingRule> Rules,
    [property: Id(5)] string? Otherwise,
    [property: Id(6)] FailoverSettings? Failover = null)
{
    /// <summary>Of a merchant for whom nobody configured anything: by the connectors' own priority.</summary>
    public static RoutingConfiguration Default { get; } = new(RoutingStrategies.Priority, null, [], [], [], null);
}

/// <summary>Whether a payment whose attempt took nothing, provably, is tried at the next connector.</summary>
/// <param name="MaxAttempts">For one creation or confirmation, the first attempt included: 1 to 5. 1 tries no second connector.</param>
/// <param name="OnDecline">Also when a connector declined for a reason that another may not have; else only when nothing was sent or the request was refused.</param>
[GenerateSerializer, Immutable, Alias("failover_settings")]
public sealed record FailoverSettings([property: Id(0)] int MaxAttempts, [property: Id(1)] bool OnDecline)
{
    /// <summary>The highest <see cref="MaxAttempts"/>.</summary>
    public const int MostAttempts = 5;

    /// <summary>Two attempts, also after declines.</summary>
    public static FailoverSettings Default { get; } = new(2, true);
}

/// <summary>How much each term of the cost counts; only their ratio matters. Each is not negative, one at least is positive.</summary>
/// <param name="Fee">What the provider takes.</param>
/// <param name="Time">What the payer's waiting is taken to cost.</param>
/// <param name="Risk">What a failed payment is taken to cost.</param>
[GenerateSerializer, Immutable, Alias("routing_weights")]
public sealed record RoutingWeights([property: Id(0)] double Fee, [property: Id(1)] double Time, [property: Id(2)] double Risk)
{
    /// <summary>0.6, 0.3, 0.1.</summary>
    public static RoutingWeights Default { get; } = new(0.6, 0.3, 0.1);
}

/// <param name="Share">Of the sum of all shares; 1 to 10 000.</param>
[GenerateSerializer, Immutable, Alias("routing_share")]
public sealed record RoutingShare([property: Id(0)] string Connector, [property: Id(1)] int Share);

/// <summary>What to do with the payments that fit; one of <paramref name="Use"/> and <paramref name="Weights"/> is given.</summary>
/// <param name="Use">Only these connectors, in this order; empty where <paramref name="Weights"/> decide.</param>
/// <param name="Weights">Every connector, by its cost.</param>
[GenerateSerializer, Immutable, Alias("routing_rule")]
public sealed record RoutingRule(
    [property: Id(0)] RoutingConditions When, [property: Id(1)] ImmutableArray<string> Use, [property: Id(2)] RoutingWeights? Weights);

/// <summary>All that are given must hold; of a list, one of its values. An empty list or null asks for nothing.</summary>
/// <param name="Currencies">ISO 4217 codes.</param>
/// <param name="AmountGte">At least so much, in the minor units of the payment's own currency.</param>
/// <param name="AmountLte">At most so much, in the same units.</param>
/// <param name="Methods"><c>card</c>, …</param>
/// <param name="Networks"><c>visa</c>, …</param>
/// <param name="BinPrefixes">1 to 6 digits with which the card's number begins.</param>
/// <param name="Metadata">Each must be there with exactly this value.</param>
/// <param name="Countries">ISO 3166-1 alpha-2 codes: the payment's country, and where it tells none its merchant's; null asks for nothing.</param>
[GenerateSerializer, Immutable, Alias("routing_conditions")]
public sealed record RoutingConditions(
    [property: Id(0)] ImmutableArray<string> Currencies,
    [property: Id(1)] long? AmountGte,
    [property: Id(2)] long? AmountLte,
    [property: Id(3)] ImmutableArray<string> Methods,
    [property: Id(4)] ImmutableArray<string> Networks,
    [property: Id(5)] ImmutableArray<string> BinPrefixes,
    [property: Id(6)] ImmutableSortedDictionary<string, string> Metadata,
    [property: Id(7)] ImmutableArray<string>? Countries = null);
