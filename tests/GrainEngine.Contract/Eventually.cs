using System.Diagnostics;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>Waits for a condition, with a deadline that only a hang reaches.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    public static async Task Holds(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Deadline, $"Not within {Deadline}: {what}");
            await Task.Delay(5);
        }
    }

    public static Task Ends(Task task) => task.WaitAsync(Deadline);

    public static Task<T> Ends<T>(Task<T> task) => task.WaitAsync(Deadline);
}
