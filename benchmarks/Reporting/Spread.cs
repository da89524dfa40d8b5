namespace OrleansPayments.Benchmarks.Reporting;

/// <summary>One figure over the rounds.</summary>
internal sealed record Spread(IReadOnlyList<double> Values)
{
    public double Median
    {
        get
        {
            double[] sorted = [.. Values.Order()];
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }

    public double Least => Values.Min();

    public double Most => Values.Max();

    public static Spread Of(IEnumerable<double> values) => new([.. values]);
}
