namespace OrleansPayments.Grains.Shared.Statistics;

/// <summary>Which part of a sliding window it is now. The window is cut into parts, of which the oldest is forgotten as the next one begins.</summary>
/// <param name="time">Its monotonic clock.</param>
/// <param name="length">Of the window; above 0.</param>
/// <param name="buckets">How many parts it has.</param>
internal sealed class BucketClock(TimeProvider time, TimeSpan length, int buckets)
{
    private readonly long _bucketTicks = Math.Max(1, length.Ticks / buckets);
    private readonly long _origin = time.GetTimestamp();
    private long _bucket;

    public int Current => (int)(_bucket % buckets);

    /// <summary>Goes on to the present.</summary>
    /// <param name="forget">Called with each bucket that begins anew, once at most.</param>
    public void Advance(Action<int> forget)
    {
        var bucket = time.GetElapsedTime(_origin).Ticks / _bucketTicks;
        if (bucket - _bucket > buckets) _bucket = bucket - buckets;
        while (_bucket < bucket) forget((int)(++_bucket % buckets));
    }
}
