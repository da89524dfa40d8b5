using System.Diagnostics;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>Waits for a condition, with a deadline that only a hang reaches.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public static async Task Holds(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Deadline, $"Not within {Deadline}: {what}");
            await Task.Delay(5);
        }
    }

    public static async Task Ends(Task task)
    {
        await Completes(task);
        await task;
    }

    public static async Task<T> Ends<T>(Task<T> task)
    {
        await Completes(task);
        return await task;
    }

    /// <summary>Waits for a failure and answers what it was.</summary>
    public static async Task<Exception> Fails(Task task)
    {
        await Completes(task);
        return (await Record.ExceptionAsync(() => task)) ?? throw new Xunit.Sdk.XunitException("The call did not fail.");
    }

    /// <summary>Waits for a failure with that exception or one derived from it.</summary>
    public static async Task<TException> Fails<TException>(Task task)
        where TException : Exception => Assert.IsAssignableFrom<TException>(await Fails(task));

    // Not WaitAsync: its TimeoutException would pass for one of the engine's.
    private static async Task Completes(Task task) => Assert.True(await Task.WhenAny(task, Task.Delay(Deadline)) == task, $"Not ended within {Deadline}.");
}
