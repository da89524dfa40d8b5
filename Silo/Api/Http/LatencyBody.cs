using OrleansPayments.Connectors;

namespace OrleansPayments.Silo.Api.Http;

/// <summary>How long something takes, on the wire: milliseconds, to a tenth.</summary>
internal sealed record LatencyBody(double Average, double P50, double P95, double P99)
{
    public static LatencyBody? Of(LatencyView? view) =>
        view is null ? null : new LatencyBody(Tenths(view.Average), Tenths(view.P50), Tenths(view.P95), Tenths(view.P99));

    /// <summary>A rate as it is shown.</summary>
    public static double? Rounded(double? rate) => rate is { } value ? Math.Round(value, 4) : null;

    // More would say more than is known.
    private static double Tenths(double milliseconds) => Math.Round(milliseconds, 1);
}
