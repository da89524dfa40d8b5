namespace OrleansPayments.Silo.Hosting;

/// <summary>
/// Stops Orleans within a time of its own: calls in flight end, activations deactivate, and what has not ended by then is left. Orleans itself would wait for
/// it as long as the whole stop may take, and the journal would have no time to stop. Its own service, which stops after this one, finds the silo stopped.
/// </summary>
/// <param name="patience">How long the stop waits for calls in flight and for deactivations.</param>
internal sealed class SiloDrain(Orleans.Runtime.Silo silo, TimeSpan patience) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        await silo.StopAsync(limit.Token);
    }
}
