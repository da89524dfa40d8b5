using System.Collections.Immutable;
using OrleansPayments.Connectors;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing;

/// <summary>Which connectors may take a payment at all, and why the others may not.</summary>
internal static class Eligibility
{
    /// <summary>Stands for all.</summary>
    public const string Any = "*";

    /// <summary>Whether the connector is there for the payment's merchant at all. One that is not is no candidate: whose it is and how it fares is nobody else's business.</summary>
    public static bool Serves(RoutableConnector connector, RoutingRequest request) =>
        connector.Settings.MerchantId is not { } only || only == request.MerchantId;

    /// <summary>Null when the connector may take the payment; else the first reason that it may not, snake_case.</summary>
    /// <remarks>A network or country that is not known is not held against it: there is no card, or nobody told.</remarks>
    public static string? ReasonAgainst(RoutableConnector connector, RoutingRequest request)
    {
        var settings = connector.Settings;
        if (!settings.Enabled) return settings.Draining ? RoutingReasons.Draining : RoutingReasons.Disabled;
        if (!connector.Signals.Available) return RoutingReasons.CircuitOpen;
        return ReasonAgainst(settings.Capabilities, request);
    }

    private static string? ReasonAgainst(ConnectorCapabilities capabilities, RoutingRequest request)
    {
        if (!Takes(capabilities.Methods, request.Method)) return RoutingReasons.MethodNotSupported;
        if (!Takes(capabilities.Currencies, request.Amount.Currency.Code)) return RoutingReasons.CurrencyNotSupported;
        if (capabilities.Networks is { } networks && request.Network is { } network && !Takes(networks, network)) return RoutingReasons.NetworkNotSupported;
        if (request.Country is { } country && !Takes(capabilities.Countries, country)) return RoutingReasons.CountryNotSupported;
        return capabilities.Amounts is { } amounts && RangeFor(amounts, request.Amount.Currency.Code) is { } range ? ReasonAgainst(range, request.Amount) : null;
    }

    private static string? ReasonAgainst(AmountRange range, Money amount)
    {
        if (amount.MinorUnits < range.Min) return RoutingReasons.AmountTooSmall;
        return amount.MinorUnits > range.Max ? RoutingReasons.AmountTooLarge : null;
    }

    // The currency's own, and only without one that of all currencies.
    private static AmountRange? RangeFor(ImmutableArray<AmountRange> ranges, string currency)
    {
        AmountRange? ofAll = null;
        foreach (var range in ranges)
        {
            if (range.Currency == currency) return range;
            if (range.Currency == Any) ofAll = range;
        }

        return ofAll;
    }

    private static bool Takes(ImmutableArray<string> accepted, string wanted)
    {
        foreach (var one in accepted)
        {
            if (one == Any || one == wanted) return true;
        }

        return false;
    }
}
