using System.Collections.Immutable;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing;

/// <summary>A rule's conditions, made ready for many decisions.</summary>
internal sealed class RuleConditions(RoutingConditions when)
{
    // To go through the dictionary itself would walk its tree once more for each decision.
    private readonly KeyValuePair<string, string>[] _metadata = [.. when.Metadata];

    /// <summary>Whether all hold for a payment.</summary>
    public bool Hold(RoutingRequest request)
    {
        var amount = request.Amount;
        if (!OneOf(when.Currencies, amount.Currency.Code)) return false;
        if (amount.MinorUnits < when.AmountGte) return false;
        if (amount.MinorUnits > when.AmountLte) return false;
        if (!OneOf(when.Methods, request.Method)) return false;
        if (!OneOf(when.Networks, request.Network)) return false;
        if (when.Countries is { } countries && !OneOf(countries, request.Country)) return false;
        if (!BeginsWithOneOf(when.BinPrefixes, request.Bin)) return false;
        return HasAll(_metadata, request.Metadata);
    }

    private static bool OneOf(ImmutableArray<string> accepted, string? value)
    {
        if (accepted.IsEmpty) return true;
        foreach (var one in accepted)
        {
            if (one == value) return true;
        }

        return false;
    }

    private static bool BeginsWithOneOf(ImmutableArray<string> prefixes, string? bin)
    {
        if (prefixes.IsEmpty) return true;
        if (bin is null) return false;
        foreach (var prefix in prefixes)
        {
            if (bin.StartsWith(prefix, StringComparison.Ordinal)) return true;
        }

        return false;
    }

    private static bool HasAll(KeyValuePair<string, string>[] wanted, ImmutableSortedDictionary<string, string>? metadata)
    {
        if (wanted.Length == 0) return true;
        if (metadata is null) return false;
        foreach (var (key, value) in wanted)
        {
            if (!metadata.TryGetValue(key, out var there) || there != value) return false;
        }

        return true;
    }
}
