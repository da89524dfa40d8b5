namespace OrleansPayments.Simulation.Loop;

public interface IStepGrain : IGrainWithStringKey
{
    /// <summary>Writes the line, gives the turn up as often as asked, and writes it again.</summary>
    Task Walk(string line, int yields);

    /// <summary>Writes the line after the given virtual time.</summary>
    Task WriteAfter(string line, TimeSpan delay);

    /// <summary>Calls the other grain, which calls this one back.</summary>
    Task CallInACircle(string other);

    Task Leave(string way);
}

/// <summary>What the grains of one test wrote.</summary>
public sealed class Lines
{
    public List<string> Written { get; } = [];

    /// <summary>Set when the simulation has nothing else to do. Work outside that waits for it cannot be done before somebody waits for it.</summary>
    public ManualResetEventSlim Idle { get; } = new();
}

internal sealed class StepGrain(Lines lines, TimeProvider time) : Grain, IStepGrain
{
    public async Task Walk(string line, int yields)
    {
        lines.Written.Add("begin " + line);
        for (var i = 0; i < yields; i++) await Task.Yield();
        lines.Written.Add("end " + line);
    }

    public async Task WriteAfter(string line, TimeSpan delay)
    {
        await Task.Delay(delay, time);
        lines.Written.Add(line);
    }

    public Task CallInACircle(string other) => GrainFactory.GetGrain<IStepGrain>(other).CallInACircle(this.GetPrimaryKeyString());

    /// <summary>The ways in which code leaves its grain's turns that nothing forbids at compile time here.</summary>
    public Task Leave(string way) => way switch
    {
        "Task.Run" => Task.Run(WaitForIdleness),
        "a real delay" => Task.Delay(TimeSpan.FromMilliseconds(500)),
        "a thread of its own" => Task.Factory.StartNew(WaitForIdleness, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default),
        "ConfigureAwait(false)" => LeaveByConfigureAwait(),
        _ => throw new ArgumentOutOfRangeException(nameof(way), way, "Unknown way."),
    };

    private void WaitForIdleness() => lines.Idle.Wait(TimeSpan.FromSeconds(30));

    private async Task LeaveByConfigureAwait()
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        time.CreateTimer(_ => answer.SetResult(), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        await answer.Task.ConfigureAwait(false);
        await GrainFactory.GetGrain<IStepGrain>("another").Walk("left", 0);
    }
}
