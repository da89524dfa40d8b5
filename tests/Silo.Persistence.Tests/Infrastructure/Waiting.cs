using System.Diagnostics;

namespace OrleansPayments.Silo.Persistence.Tests.Infrastructure;

internal static class Waiting
{
    /// <summary>Polls until the condition holds; fails the test after the deadline.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what, int seconds = 20)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started).TotalSeconds < seconds, $"Within {seconds} s: {what}");
            await Task.Delay(5);
        }
    }
}
