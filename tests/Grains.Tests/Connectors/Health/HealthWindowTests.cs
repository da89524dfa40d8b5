using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors.Health;
using OrleansPayments.Grains.Shared.Statistics;

namespace OrleansPayments.Grains.Tests.Connectors.Health;

/// <summary>What a window counts, and for how long.</summary>
public sealed class HealthWindowTests
{
    private readonly VirtualTime _time = new();

    public static TheoryData<ChargeOutcome, int, double?, double?, bool> Outcomes => new()
    {
        { ChargeOutcome.Approved, 1, 1, 1, true },
        { ChargeOutcome.Declined, 1, 1, 0, true },
        { ChargeOutcome.Undecided, 1, 1, null, true },
        { ChargeOutcome.Refused, 1, 0, null, true },
        { ChargeOutcome.Unknown, 1, 0, null, true },
        { ChargeOutcome.NotSent, 1, 0, null, false },
        { ChargeOutcome.Unused, 0, null, null, false },
    };

    [Theory]
    [MemberData(nameof(Outcomes))]
    internal void Each_outcome_counts_as_what_it_is(ChargeOutcome outcome, int calls, double? successRate, double? authorizationRate, bool timed)
    {
        var window = Window();
        window.Report(outcome, TimeSpan.FromMilliseconds(10));
        Assert.Equal((calls, successRate, authorizationRate), (window.Calls, window.SuccessRate, window.AuthorizationRate));
        Assert.Equal(timed, window.Latency is not null);
    }

    [Fact]
    public void Every_outcome_is_in_the_table() => Assert.Equal(Enum.GetValues<ChargeOutcome>(), Outcomes.Select(row => (ChargeOutcome)row[0]));

    [Fact]
    public void Failures_are_told_apart()
    {
        var window = Window();
        ChargeOutcome[] failures = [ChargeOutcome.Refused, ChargeOutcome.Unknown, ChargeOutcome.Unknown, ChargeOutcome.NotSent, ChargeOutcome.NotSent, ChargeOutcome.NotSent];
        foreach (var failure in failures) window.Report(failure, TimeSpan.Zero);
        Assert.Equal(new TechnicalFailures(Refused: 1, Unknown: 2, NotSent: 3), window.Failures);
    }

    [Theory]
    [InlineData(56.9, 1)]
    [InlineData(60, 0)]
    [InlineData(100_000, 0)]
    public void A_report_is_forgotten_when_the_window_has_passed(double seconds, int calls)
    {
        var window = Window();
        _time.Pass(2.9);
        window.Report(ChargeOutcome.Approved, TimeSpan.FromMilliseconds(10));
        _time.Pass(seconds);
        Assert.Equal(calls, window.Calls);
        Assert.Equal(calls > 0, window.Latency is not null);
    }

    [Fact]
    public void Percentiles_and_average_are_of_what_was_sent()
    {
        var window = Window();
        for (var milliseconds = 1; milliseconds <= 100; milliseconds++) window.Report(ChargeOutcome.Approved, TimeSpan.FromMilliseconds(milliseconds));
        var latency = window.Latency!;
        Assert.InRange(latency.P50, 50 / 1.0443, 50 * 1.0443);
        Assert.InRange(latency.P95, 95 / 1.0443, 95 * 1.0443);
        Assert.InRange(latency.P99, 99 / 1.0443, 99 * 1.0443);

        // Nine below the newest: the mean of a weight that falls by a tenth with each.
        Assert.Equal(91, latency.Average, 0.1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_agrees_with_a_list_of_all_reports_whatever_comes_when(int seed)
    {
        var random = new Random(seed);
        var window = Window();
        var reports = new List<(long Bucket, ChargeOutcome Outcome, double Milliseconds)>();
        long now = 0;
        for (var step = 0; step < 5_000; step++)
        {
            if (random.Next(4) == 0)
            {
                var milliseconds = random.Next(random.Next(50) == 0 ? 90_000 : 2_000);
                now += milliseconds;
                _time.Pass(milliseconds / 1_000.0);
            }

            var outcome = (ChargeOutcome)random.Next(Enum.GetValues<ChargeOutcome>().Length);
            var latency = Math.Pow(2, random.NextDouble() * 16);
            reports.Add((now / 3_000, outcome, latency));
            window.Report(outcome, TimeSpan.FromMilliseconds(latency));

            var held = reports.Where(report => report.Bucket > (now / 3_000) - OutcomeWindow.Buckets).ToList();
            foreach (var one in Enum.GetValues<ChargeOutcome>()) Assert.Equal(held.Count(report => report.Outcome == one), window.Count(one));
            reports = held;
            AssertMedian([.. held.Where(report => report.Outcome is not (ChargeOutcome.NotSent or ChargeOutcome.Unused)).Select(report => report.Milliseconds).Order()], window);
        }
    }

    [Fact]
    public void A_report_allocates_nothing()
    {
        var window = Window();
        window.Report(ChargeOutcome.Approved, TimeSpan.FromMilliseconds(5));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var report = 0; report < 1_000; report++)
        {
            _time.Pass(0.5);
            window.Report(ChargeOutcome.Approved, TimeSpan.FromMilliseconds(5));
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void AssertMedian(List<double> sorted, HealthWindow window)
    {
        if (sorted.Count == 0)
        {
            Assert.Null(window.Latency);
            return;
        }

        var median = sorted[((sorted.Count + 1) / 2) - 1];
        Assert.InRange(window.Latency!.P50, median / 1.0443, median * 1.0443);
    }

    private HealthWindow Window() => new(_time, TimeSpan.FromSeconds(60));
}
