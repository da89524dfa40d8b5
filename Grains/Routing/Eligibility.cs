using System.Collections.Immutable;
using OrleansPayments.Connectors;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing;

/// <summary>Which connectors may take a payment at all, and why the others may not.</summary>
internal static class Eligibility
{
    /// <summary>The connector failed too often and rests; it is in again, as if healthy, as soon as it may be tried.</summary>
    public const string CircuitOpen = "circuit_open";

    /// <summary>Null when the connector may take the payment; else the first reason that it may not, snake_case.</summary>
    public static string? ReasonAgainst(ConnectorView connector, RoutingRequest request)
    {
        var settings = connector.Settings;
        if (!settings.Enabled) return "disabled";
        if (settings.MerchantId is { } only && only != request.MerchantId) return "other_merchant";
        if (!Takes(settings.Capabilities.Methods, request.Method)) return "method_not_supported";
        if (!Takes(settings.Capabilities.Currencies, request.Amount.Currency.Code)) return "currency_not_supported";
        return null;
    }

    private static bool Takes(ImmutableArray<string> accepted, string wanted)
    {
        foreach (var one in accepted)
        {
            if (one == "*" || one == wanted) return true;
        }

        return false;
    }
}
