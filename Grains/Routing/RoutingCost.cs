using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing;

/// <summary>
/// The terms of a connector's cost for one payment. All are in the payment's minor units, so that weights compare like with like, a person can add them up, and
/// the order is the same as in parts of the amount, which is the same for every candidate:
/// <code>
/// fee  = what the provider takes                                  (whole minor units)
/// time = amount × 1 % × expected latency in seconds
/// risk = amount × 10 % × (1 − success rate)
/// C    = w₁·fee + w₂·time + w₃·risk                               (the lowest wins)
/// E    = success rate × (amount − fee)                            (the highest wins; shown as the cost amount − E)
/// </code>
/// Two rates of exchange are conventions and no measurements. A second of waiting is taken to cost a hundredth of the amount, as if each second made one payer of
/// a hundred go away. A failed payment is taken to cost a tenth of the amount: a usual margin, which is what the merchant loses when the payer does not come back;
/// the amount itself was never theirs. A merchant who knows better says so by the weights.
/// </summary>
/// <example>
/// 10.00 USD at 2.9 % + 30, 300 ms, success rate 0.95, default weights: fee = 29 + 30 = 59; time = 1 000 × 0.01 × 0.3 = 3; risk = 1 000 × 0.1 × 0.05 = 5;
/// C = 0.6 × 59 + 0.3 × 3 + 0.1 × 5 = 35.4 + 0.9 + 0.5 = 36.8; E = 0.95 × (1 000 − 59) = 893.95, shown as 106.05.
/// </example>
/// <param name="Fee">In minor units.</param>
/// <param name="Time">In minor units.</param>
/// <param name="Risk">In minor units.</param>
internal readonly record struct RoutingCost(long Fee, double Time, double Risk)
{
    /// <summary>The part of the amount that a second of waiting is taken to cost.</summary>
    public const double CostOfSecond = 0.01;

    /// <summary>The part of the amount that a failed payment is taken to cost.</summary>
    public const double Margin = 0.1;

    // Of a minor unit. What differs by less is a tie, so that the last bit of a floating-point number decides nothing.
    private const int Decimals = 4;

    /// <exception cref="OverflowException">The fee does not fit 64 bits.</exception>
    public static RoutingCost Of(RoutingRequest request, RoutableConnector connector)
    {
        var amount = request.Amount.MinorUnits;
        var signals = connector.Signals;
        return new RoutingCost(
            ConnectorFees.FeeOf(connector.Settings.Fees, request),
            Rounded(amount * CostOfSecond * signals.LatencyMs / 1000),
            Rounded(amount * Margin * (1 - signals.SuccessRate)));
    }

    /// <summary>C, to a ten-thousandth of a minor unit.</summary>
    public double WeightedBy(RoutingWeights weights) => Rounded((weights.Fee * Fee) + (weights.Time * Time) + (weights.Risk * Risk));

    /// <summary>What is expected to be lost of the amount: amount − E, to a ten-thousandth of a minor unit.</summary>
    /// <param name="amount">In minor units.</param>
    /// <param name="successRate">0 to 1.</param>
    public double ExpectedLoss(long amount, double successRate) => Rounded(amount - (successRate * ((double)amount - Fee)));

    private static double Rounded(double value) => Math.Round(value, Decimals);
}
