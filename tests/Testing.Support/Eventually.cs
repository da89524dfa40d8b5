namespace OrleansPayments.Testing.Support;

/// <summary>Waits for something that comes true by itself, and fails when it does not in time.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <param name="what">For the failure: what was waited for.</param>
    /// <exception cref="TimeoutException">It did not come true in time.</exception>
    public static async Task<T> GetAsync<T>(string what, TimeSpan patience, Func<Task<T?>> probe)
        where T : class
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await probe() is { } found) return found;
            if (TimeProvider.System.GetElapsedTime(started) > patience) throw new TimeoutException($"Not within {patience.TotalSeconds} s: {what}.");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    public static Task TrueAsync(string what, TimeSpan patience, Func<Task<bool>> probe) =>
        GetAsync(what, patience, async () => await probe() ? what : null);
}
