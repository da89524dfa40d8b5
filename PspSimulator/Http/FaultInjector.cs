using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Http;

/// <summary>What faults and latency do to a connection, the same for every provider.</summary>
internal sealed class FaultInjector(SimulatorOptions options, RandomSource random, CancellationToken stopping)
{
    /// <summary>Cut off in the middle, as from a connection through a broken proxy, with a length that matches.</summary>
    public static ReadOnlySpan<byte> MalformedBody => "{\"id\": \"0000000000\", \"object\": \"paym"u8;

    /// <summary>The host is stopping, and every wait ends.</summary>
    public bool IsStopping => stopping.IsCancellationRequested;

    /// <summary>Ends with the host.</summary>
    public CancellationToken Stopping => stopping;

    /// <summary>
    /// Waits the account's latency and the fault's delay. It ends early when the host stops, never when the caller leaves: a provider
    /// goes on with what it has begun, and callers must be tested against that.
    /// </summary>
    public ValueTask DelayAsync(Account account, Fault? fault)
    {
        var latency = account.Latency is { } model ? model.Sample(random) : TimeSpan.Zero;
        var delay = latency + (fault?.Delay ?? TimeSpan.Zero);
        return delay > TimeSpan.Zero ? new ValueTask(Task.Delay(delay, options.Time, stopping)) : ValueTask.CompletedTask;
    }

    /// <summary>Answers nothing until the caller gives up, the host stops or the longest hold is over; then ends the connection.</summary>
    public async Task HoldAsync(HttpContext http)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        try
        {
            await Task.Delay(options.MaxHold, options.Time, end.Token);
        }
        catch (OperationCanceledException)
        {
            // Expected: somebody gave up first.
        }

        http.Abort();
    }

    /// <summary>Resets the TCP connection: Kestrel closes an aborted one without lingering, which sends RST.</summary>
    public static void Reset(HttpContext http) => http.Abort();
}
