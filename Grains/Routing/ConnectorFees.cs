using System.Collections.Immutable;
using OrleansPayments.Connectors;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing;

/// <summary>What a provider takes for a payment, by the connector's table of fees.</summary>
internal static class ConnectorFees
{
    private const int BasisPoints = 10_000;

    /// <summary>
    /// In minor units. Of the fees that fit the payment and are in force at <see cref="RoutingRequest.At"/> the most specific applies. One that names the method is
    /// more specific than any that does not; of two alike in this, one that names the network; of two alike in both, one that names the currency:
    /// <code>
    /// card visa USD  &gt;  card visa *  &gt;  card * USD  &gt;  card * *  &gt;  * visa USD  &gt;  * visa *  &gt;  * * USD  &gt;  * * *
    /// </code>
    /// So two that fit are equally specific only if they name the same, and such ones may not be in force at once: the API refuses them. Of those that were stored
    /// before it did, the first applies. A fee is in force from <see cref="ConnectorFee.EffectiveFrom"/> until just before <see cref="ConnectorFee.EffectiveUntil"/>.
    /// Without one that fits, nothing is taken. The rate's part is rounded to whole minor units, half up: 290 bps of 1 050 are 30.45, so 30, and of 1 500 are 43.5,
    /// so 44.
    /// </summary>
    /// <exception cref="OverflowException">The fee does not fit 64 bits.</exception>
    public static long FeeOf(ImmutableArray<ConnectorFee> fees, RoutingRequest request) =>
        Find(fees, request) is { } fee ? checked(PartOf(request.Amount.MinorUnits, fee.RateBps) + fee.Fixed) : 0;

    // In two parts, so that no amount overflows: bps are at most 10 000.
    private static long PartOf(long amount, int bps)
    {
        var (whole, rest) = Math.DivRem(amount, BasisPoints);
        return checked((whole * bps) + (((rest * bps) + (BasisPoints / 2)) / BasisPoints));
    }

    private static ConnectorFee? Find(ImmutableArray<ConnectorFee> fees, RoutingRequest request)
    {
        var currency = request.Amount.Currency.Code;
        ConnectorFee? best = null;
        var bestFit = 0;
        foreach (var fee in fees)
        {
            var fit = Fit(fee, request.Method, request.Network, currency);
            if (fit > bestFit && IsInForce(fee, request.At)) (best, bestFit) = (fee, fit);
        }

        return best;
    }

    // 0 where it does not fit; the more specific, the higher.
    private static int Fit(ConnectorFee fee, string method, string? network, string currency)
    {
        var byMethod = fee.Method == method;
        var byNetwork = fee.Network is not (null or Eligibility.Any);
        var byCurrency = fee.Currency == currency;
        if (!byMethod && fee.Method != Eligibility.Any) return 0;
        if (byNetwork && fee.Network != network) return 0;
        if (!byCurrency && fee.Currency != Eligibility.Any) return 0;
        return 1 + (byMethod ? 4 : 0) + (byNetwork ? 2 : 0) + (byCurrency ? 1 : 0);
    }

    private static bool IsInForce(ConnectorFee fee, DateTimeOffset at) =>
        (fee.EffectiveFrom is not { } from || at >= from) && (fee.EffectiveUntil is not { } until || at < until);
}
