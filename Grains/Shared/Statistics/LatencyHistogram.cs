namespace OrleansPayments.Grains.Shared.Statistics;

/// <summary>
/// Cells of a latency histogram: eight for each doubling, from 1 ms to 65.5 s. A cell stands for its geometric middle, so what is read is within
/// 2^(1/16) - 1 = 4.4 % of what was put in; what is outside of the range counts as its end.
/// </summary>
internal static class LatencyHistogram
{
    public const int Cells = CellsPerDoubling * Doublings;

    private const int CellsPerDoubling = 8;
    private const int Doublings = 16;

    public static int CellOf(TimeSpan latency)
    {
        var milliseconds = latency.TotalMilliseconds;
        return milliseconds <= 1 ? 0 : Math.Min(Cells - 1, (int)(CellsPerDoubling * Math.Log2(milliseconds)));
    }

    /// <summary>In milliseconds.</summary>
    public static double MiddleOf(int cell) => Math.Pow(2, (cell + 0.5) / CellsPerDoubling);

    /// <summary>By nearest rank: the smallest latency that the given part does not exceed, in milliseconds.</summary>
    /// <param name="part">Above 0, to 1.</param>
    /// <param name="total">The sum of the counts; above 0.</param>
    public static double Percentile(ReadOnlySpan<int> counts, int total, double part)
    {
        var rank = (int)Math.Ceiling(part * total);
        var seen = 0;
        for (var cell = 0; cell < counts.Length; cell++)
        {
            seen += counts[cell];
            if (seen >= rank) return MiddleOf(cell);
        }

        throw new ArgumentException("There are fewer than the total says.", nameof(total));
    }
}
