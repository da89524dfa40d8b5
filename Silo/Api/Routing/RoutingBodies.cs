using System.Collections.Immutable;
using OrleansPayments.Payments;
using OrleansPayments.Routing;
using OrleansPayments.Silo.Api.Payments;

namespace OrleansPayments.Silo.Api.Routing;

/// <summary>How a merchant's payments are routed, on the wire; what the strategy does not use is null.</summary>
internal sealed record MerchantRoutingBody(
    string MerchantId,
    string Object,
    string Strategy,
    WeightsBody? Weights,
    ImmutableArray<string>? Order,
    ImmutableSortedDictionary<string, int>? Split,
    ImmutableArray<RoutingRuleBody>? Rules,
    string? Otherwise,
    FailoverBody Failover,
    DateTimeOffset? ConfiguredAt)
{
    public static MerchantRoutingBody Of(MerchantId merchant, MerchantRouting routing)
    {
        var configuration = routing.Configuration;
        return new MerchantRoutingBody(
            merchant.Value, "merchant_routing", configuration.Strategy, WeightsBody.Of(configuration.Weights), RoutingRuleBody.NullIfEmpty(configuration.Order),
            configuration.Split.IsEmpty
                ? null
                : configuration.Split.ToImmutableSortedDictionary(one => one.Connector, one => one.Share, StringComparer.Ordinal),
            configuration.Rules.IsEmpty ? null : [.. configuration.Rules.Select(RoutingRuleBody.Of)], configuration.Otherwise,
            FailoverBody.Of(configuration.Failover ?? FailoverSettings.Default), routing.ConfiguredAt);
    }
}

internal sealed record FailoverBody(int MaxAttempts, bool OnDecline)
{
    public static FailoverBody Of(FailoverSettings failover) => new(failover.MaxAttempts, failover.OnDecline);
}

internal sealed record WeightsBody(double Fee, double Time, double Risk)
{
    public static WeightsBody? Of(RoutingWeights? weights) => weights is null ? null : new WeightsBody(weights.Fee, weights.Time, weights.Risk);
}

internal sealed record RoutingRuleBody(RoutingConditionsBody When, ImmutableArray<string>? Use, WeightsBody? Weights)
{
    public static RoutingRuleBody Of(RoutingRule rule) => new(RoutingConditionsBody.Of(rule.When), NullIfEmpty(rule.Use), WeightsBody.Of(rule.Weights));

    public static ImmutableArray<string>? NullIfEmpty(ImmutableArray<string> values) => values.IsEmpty ? null : values;
}

internal sealed record RoutingConditionsBody(
    ImmutableArray<string>? Currency,
    AmountBoundsBody? Amount,
    ImmutableArray<string>? Method,
    ImmutableArray<string>? Network,
    ImmutableArray<string>? Bin,
    ImmutableSortedDictionary<string, string>? Metadata,
    ImmutableArray<string>? Country)
{
    public static RoutingConditionsBody Of(RoutingConditions when) => new(
        RoutingRuleBody.NullIfEmpty(when.Currencies),
        when.AmountGte is null && when.AmountLte is null ? null : new AmountBoundsBody(when.AmountGte, when.AmountLte),
        RoutingRuleBody.NullIfEmpty(when.Methods),
        RoutingRuleBody.NullIfEmpty(when.Networks),
        RoutingRuleBody.NullIfEmpty(when.BinPrefixes),
        when.Metadata.IsEmpty ? null : when.Metadata,
        when.Countries);
}

internal sealed record AmountBoundsBody(long? Gte, long? Lte);

/// <summary>How a payment came to its connector; of one that was never sent, nothing.</summary>
internal sealed record PaymentRoutingBody(
    string? Strategy, int? Rule, DateTimeOffset? DecidedAt, string? Chosen, ImmutableArray<RouteCandidateBody> Candidates)
{
    public static PaymentRoutingBody Of(PaymentRouting routing) => new(
        routing.Decision?.Strategy, routing.Decision?.Rule, routing.DecidedAt, routing.Decision?.Chosen,
        routing.Decision is { } decision ? [.. decision.Candidates.Select(RouteCandidateBody.Of)] : []);
}
