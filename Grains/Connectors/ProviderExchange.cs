using System.Collections.Immutable;

namespace OrleansPayments.Grains.Connectors;

/// <summary>One call to a provider as it may be kept and shown: an adapter names what goes in, everything else is left out.</summary>
/// <param name="DurationMs">From the call's beginning to its answer or its end without one, in whole milliseconds.</param>
/// <param name="Request">What was sent; null when nothing was.</param>
/// <param name="Response">What came back; null when nothing did.</param>
public sealed record ProviderExchange(
    int DurationMs, ImmutableSortedDictionary<string, string>? Request, ImmutableSortedDictionary<string, string>? Response);
