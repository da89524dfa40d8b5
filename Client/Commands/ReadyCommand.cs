namespace OrleansPayments.Client.Commands;

/// <summary>Waits until a silo can take payments.</summary>
internal static class ReadyCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <exception cref="TimeoutException">It was not ready in time.</exception>
    public static async Task RunAsync(Uri url, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var client = new PaymentsClient(url);
        var started = TimeProvider.System.GetTimestamp();
        while (!await IsReadyAsync(client, cancellationToken))
        {
            if (TimeProvider.System.GetElapsedTime(started) > patience) throw new TimeoutException($"{url} was not ready within {patience.TotalSeconds:0} s.");
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    private static async Task<bool> IsReadyAsync(PaymentsClient client, CancellationToken cancellationToken)
    {
        try
        {
            return await client.IsReadyAsync(cancellationToken);
        }
        catch (HttpRequestException)
        {
            // Not listening yet.
            return false;
        }
    }
}
