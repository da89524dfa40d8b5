using System.Collections.Immutable;
using OrleansPayments.Connectors;

namespace OrleansPayments.Grains.Routing;

/// <summary>What a provider takes for a payment, by the connector's table of fees.</summary>
internal static class ConnectorFees
{
    private const int BasisPoints = 10_000;

    /// <summary>
    /// In minor units. The most specific fee applies: method and currency, then the method in any currency, then the currency by any method, then any; of two
    /// alike the first. Without one that fits, nothing is taken. The rate's part is rounded to whole minor units, half up: 290 bps of 1 050 are 30.45, so 30, and
    /// of 1 500 are 43.5, so 44.
    /// </summary>
    /// <param name="amount">In minor units, not negative.</param>
    /// <exception cref="OverflowException">The fee does not fit 64 bits.</exception>
    public static long FeeOf(ImmutableArray<ConnectorFee> fees, string method, string currency, long amount) =>
        Find(fees, method, currency) is { } fee ? checked(PartOf(amount, fee.RateBps) + fee.Fixed) : 0;

    // In two parts, so that no amount overflows: bps are at most 10 000.
    private static long PartOf(long amount, int bps)
    {
        var (whole, rest) = Math.DivRem(amount, BasisPoints);
        return checked((whole * bps) + (((rest * bps) + (BasisPoints / 2)) / BasisPoints));
    }

    private static ConnectorFee? Find(ImmutableArray<ConnectorFee> fees, string method, string currency)
    {
        ConnectorFee? best = null;
        var bestFit = 0;
        foreach (var fee in fees)
        {
            var fit = Fit(fee, method, currency);
            if (fit > bestFit) (best, bestFit) = (fee, fit);
        }

        return best;
    }

    // 0 where it does not fit; the more specific, the higher.
    private static int Fit(ConnectorFee fee, string method, string currency)
    {
        var byMethod = fee.Method == method;
        var byCurrency = fee.Currency == currency;
        if (!byMethod && fee.Method != Eligibility.Any) return 0;
        if (!byCurrency && fee.Currency != Eligibility.Any) return 0;
        return 1 + (byMethod ? 2 : 0) + (byCurrency ? 1 : 0);
    }
}
