namespace OrleansPayments.PspSimulator.World;

/// <summary>What a provider does some time after it has answered; nothing more once the host stops.</summary>
internal sealed class Later(TimeProvider time, TimeSpan delay, CancellationToken stopping)
{
    public void Run(Action action) => _ = RunAsync(action);

    private async Task RunAsync(Action action)
    {
        try
        {
            await Task.Delay(delay, time, stopping);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        action();
    }
}
