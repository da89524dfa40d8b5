using OrleansPayments.Grains.Shared.Statistics;

namespace OrleansPayments.Grains.Tests.Shared;

/// <summary>Latencies are known within 4.4 %.</summary>
public sealed class LatencyHistogramTests
{
    [Fact]
    public void Every_latency_is_within_the_bound_of_its_cell()
    {
        for (var milliseconds = 1.0; milliseconds < 65_536; milliseconds *= 1.003)
        {
            var read = LatencyHistogram.MiddleOf(LatencyHistogram.CellOf(TimeSpan.FromMilliseconds(milliseconds)));
            Assert.InRange(read / milliseconds, 1 / 1.0443, 1.0443);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.2, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 8)]
    [InlineData(4, 16)]
    [InlineData(65_535, 127)]
    [InlineData(65_536, 127)]
    [InlineData(86_400_000, 127)]
    public void What_is_out_of_range_counts_as_its_end(double milliseconds, int cell) =>
        Assert.Equal(cell, LatencyHistogram.CellOf(TimeSpan.FromMilliseconds(milliseconds)));

    [Theory]
    [InlineData(0.01, 0)]
    [InlineData(0.50, 0)]
    [InlineData(0.51, 1)]
    [InlineData(0.95, 1)]
    [InlineData(0.96, 3)]
    [InlineData(1.00, 3)]
    public void A_percentile_is_the_smallest_latency_that_so_many_do_not_exceed(double part, int cell) =>
        Assert.Equal(LatencyHistogram.MiddleOf(cell), LatencyHistogram.Percentile([50, 45, 0, 5], 100, part));

    [Fact]
    public void A_part_of_one_counts_as_one() => Assert.Equal(LatencyHistogram.MiddleOf(1), LatencyHistogram.Percentile([1, 1, 1], 3, 0.5));
}
