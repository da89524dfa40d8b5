using System.Collections.Immutable;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing;

/// <summary>Which connectors may take a payment at all, and why the others may not.</summary>
internal static class Eligibility
{
    /// <summary>Stands for all.</summary>
    public const string Any = "*";

    /// <summary>Null when the connector may take the payment; else the first reason that it may not, snake_case.</summary>
    /// <remarks>Its countries say nothing yet: no payment tells the card's.</remarks>
    public static string? ReasonAgainst(RoutableConnector connector, RoutingRequest request)
    {
        var settings = connector.Settings;
        if (!settings.Enabled) return RoutingReasons.Disabled;
        if (!connector.Signals.Available) return RoutingReasons.CircuitOpen;
        if (settings.MerchantId is { } only && only != request.MerchantId) return RoutingReasons.OtherMerchant;
        if (!Takes(settings.Capabilities.Methods, request.Method)) return RoutingReasons.MethodNotSupported;
        if (!Takes(settings.Capabilities.Currencies, request.Amount.Currency.Code)) return RoutingReasons.CurrencyNotSupported;
        return null;
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
