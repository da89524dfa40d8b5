using OrleansPayments.Benchmarks.Reporting;

namespace OrleansPayments.Benchmarks.Engine;

/// <summary>Everything that was measured.</summary>
internal sealed record EngineReport(EngineOptions Options, IReadOnlyList<string> Contestants, IReadOnlyList<EngineFigure> Figures)
{
    /// <summary>Calls per second over the rounds; null where nothing was measured.</summary>
    public Spread? Rate(EngineScenario scenario, string contestant) => Over(Of(scenario, contestant).Select(figure => figure.Sample.PerSecond));

    /// <summary>Nanoseconds of processor time per call over the rounds; null where nothing was measured.</summary>
    public Spread? Nanoseconds(EngineScenario scenario, string contestant) => Over(Of(scenario, contestant).Select(figure => figure.Sample.Nanoseconds));

    /// <summary>Bytes per call, or kept per idle grain, over the rounds; null where nothing was measured.</summary>
    public Spread? Bytes(EngineScenario scenario, string contestant) => Over(Of(scenario, contestant).Select(figure => figure.Sample.Bytes));

    /// <summary>How many times as fast, round by round; null where one of the two was not measured.</summary>
    public Spread? Ratio(EngineScenario scenario, string contestant, string against) => Over(
        from over in Of(scenario, contestant)
        from under in Of(scenario, against)
        where under.Round == over.Round && contestant != against
        select over.Sample.PerSecond / under.Sample.PerSecond);

    private static Spread? Over(IEnumerable<double> values) => Spread.Of(values) is { Values.Count: > 0 } spread ? spread : null;

    private IEnumerable<EngineFigure> Of(EngineScenario scenario, string contestant) =>
        Figures.Where(figure => figure.Scenario == scenario && figure.Contestant == contestant);
}

/// <param name="Round">From 1.</param>
internal sealed record EngineFigure(EngineScenario Scenario, string Contestant, int Round, Sample Sample);
