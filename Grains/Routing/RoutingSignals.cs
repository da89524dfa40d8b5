namespace OrleansPayments.Grains.Routing;

/// <summary>How a connector does at present, as far as routing minds.</summary>
/// <param name="SuccessRate">The part of its attempts that come to be approved: 0 to 1.</param>
/// <param name="LatencyMs">How long an answer is expected to take, in milliseconds; not negative.</param>
/// <param name="Available">False while it is not to be sent anything.</param>
internal readonly record struct RoutingSignals(double SuccessRate, double LatencyMs, bool Available)
{
    /// <summary>Longer than any attempt waits.</summary>
    public const double MaxLatencyMs = 60_000;

    /// <summary>
    /// Where nothing is known: 0.95, 500 ms, available. An ordinary card connector, so that a new one neither draws every payment by a perfect record that it has
    /// not earned nor is kept from ever earning one.
    /// </summary>
    public static RoutingSignals Unknown { get; } = new(0.95, 500, true);

    /// <summary>The same within its ranges; what is no number counts as not known.</summary>
    public RoutingSignals InRange() => new(
        double.IsNaN(SuccessRate) ? Unknown.SuccessRate : Math.Clamp(SuccessRate, 0, 1),
        double.IsNaN(LatencyMs) ? Unknown.LatencyMs : Math.Clamp(LatencyMs, 0, MaxLatencyMs),
        Available);
}
