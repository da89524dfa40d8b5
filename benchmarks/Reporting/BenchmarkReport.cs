using OrleansPayments.Benchmarks.Database;
using OrleansPayments.Benchmarks.Scenarios;

namespace OrleansPayments.Benchmarks.Reporting;

/// <summary>Everything that was measured.</summary>
internal sealed record BenchmarkReport(BenchmarkOptions Options, ServerFacts Facts, IReadOnlyList<RoundResult> Rounds)
{
    public IEnumerable<string> Scenarios => Rounds.Select(round => round.Scenario).Distinct();

    public IEnumerable<string> Faults =>
        from round in Rounds
        where round.Verification is not null
        from fault in round.Verification!.Faults
        select $"{round.Scenario}, round {round.Round}: {fault}";

    public Spread RateOf(string scenario) => Spread.Of(Rounds.Where(round => round.Scenario == scenario).Select(round => round.Measured.PerSecond));

    /// <summary>What the floors and goals are about; those whose scenarios were not measured are left out.</summary>
    public IReadOnlyList<Criterion> Criteria
    {
        get
        {
            List<Criterion?> criteria =
            [
                Ratio("in-process / row", InProcessScenario.Name, RowAtATimeScenario.Name, 3, isFloor: true),
                Ratio("in-process / raw", InProcessScenario.Name, RawBatchScenario.Name, 0.6, isFloor: false),
                Ratio("http / raw", HttpScenario.Name, RawBatchScenario.Name, 0.4, isFloor: false),
                Has(HttpScenario.Name) ? new Criterion("http, payments/s", RateOf(HttpScenario.Name), 800, IsFloor: true) : null,
            ];
            return [.. criteria.OfType<Criterion>()];
        }
    }

    private Criterion? Ratio(string name, string numerator, string denominator, double wanted, bool isFloor)
    {
        if (!Has(numerator) || !Has(denominator)) return null;
        var ratios =
            from over in Rounds
            where over.Scenario == numerator
            from under in Rounds
            where under.Scenario == denominator && under.Round == over.Round
            select over.Measured.PerSecond / under.Measured.PerSecond;
        return new Criterion(name, Spread.Of(ratios), wanted, isFloor);
    }

    private bool Has(string scenario) => Rounds.Any(round => round.Scenario == scenario);
}

/// <param name="IsFloor">Whether the median must not be below it; a goal is only reported.</param>
internal sealed record Criterion(string Name, Spread Spread, double Wanted, bool IsFloor)
{
    public bool IsMet => Spread.Median >= Wanted;
}
