namespace OrleansPayments.PspSimulator.Tests;

internal static class Wait
{
    /// <summary>Polls a condition until it holds; fails after five seconds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        while (!await condition()) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, deadline.Token);
    }
}
