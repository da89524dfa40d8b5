namespace Orleans.Runtime;

internal static class TimeProviderExtensions
{
    /// <summary>Waits for the given time or until the token is cancelled, without an exception.</summary>
    public static async Task DelayQuietly(this TimeProvider time, TimeSpan span, CancellationToken cancellationToken) =>
        await Task.Delay(span, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
