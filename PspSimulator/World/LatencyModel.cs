namespace OrleansPayments.PspSimulator.World;

/// <summary>
/// How long answers take: a log-normal distribution through a median and a 99th percentile. Answer times of remote services have
/// such a long right tail; with X = exp(mu + sigma Z), the median is exp(mu) and the 99th percentile exp(mu + 2.3263 sigma).
/// </summary>
internal sealed class LatencyModel
{
    /// <summary>The longest time that can be asked for or come out of <see cref="Sample"/>.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private const double NormalQuantile99 = 2.3263478740408408;

    private readonly double _mu;
    private readonly double _sigma;

    private LatencyModel(double mu, double sigma)
    {
        _mu = mu;
        _sigma = sigma;
    }

    /// <summary>The distribution, or null for none if both are zero.</summary>
    /// <param name="median">More than zero unless both are zero.</param>
    /// <param name="p99">At least <paramref name="median"/>.</param>
    public static LatencyModel? Fit(TimeSpan median, TimeSpan p99)
    {
        if (p99 == TimeSpan.Zero) return null;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(median, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(p99, median);
        return new LatencyModel(Math.Log(median.TotalMilliseconds), Math.Log(p99 / median) / NormalQuantile99);
    }

    public TimeSpan Sample(RandomSource random)
    {
        var milliseconds = Math.Exp(_mu + (_sigma * random.NextGaussian()));
        return TimeSpan.FromMilliseconds(Math.Min(milliseconds, Longest.TotalMilliseconds));
    }
}
