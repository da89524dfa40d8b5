namespace OrleansPayments.Benchmarks.Load;

/// <summary>Milliseconds, nearest rank.</summary>
internal sealed record Latencies(double P50, double P95, double P99, double Max)
{
    /// <returns>Null without a sample.</returns>
    public static Latencies? Of(IEnumerable<TimeSpan> samples)
    {
        var sorted = samples.Select(sample => sample.TotalMilliseconds).Order().ToArray();
        return sorted.Length == 0 ? null : new Latencies(Rank(0.50), Rank(0.95), Rank(0.99), sorted[^1]);

        double Rank(double part) => sorted[Math.Max(0, (int)Math.Ceiling(part * sorted.Length) - 1)];
    }
}
