using Orleans.Concurrency;

namespace OrleansPayments.GrainEngine.Contract.Grains;

/// <summary>What a timer is to do. Negative times mean never.</summary>
[GenerateSerializer, Immutable]
public sealed record TimerPlan(
    [property: Id(0)] int DueMs,
    [property: Id(1)] int PeriodMs,
    [property: Id(2)] bool Interleave = false,
    [property: Id(3)] bool KeepAlive = false,
    [property: Id(4)] bool Failing = false,
    [property: Id(5)] int DisposedAtTick = 0,
    [property: Id(6)] int LastsMs = 0,
    [property: Id(7)] bool LastsUntilCancelled = false,
    [property: Id(8)] string? LastsUntilGate = null,
    [property: Id(9)] string Line = "tick");

public interface ITimerGrain : IGrainWithGuidKey
{
    Task Start(TimerPlan plan);

    Task Stop();

    /// <summary>Waits at the gate and then stops the timer.</summary>
    Task StopAfter(string gate);

    Task Retime(int dueMs, int periodMs);

    /// <summary>Ends when the calls and ticks that were queued before it have ended.</summary>
    Task Settle();

    [AlwaysInterleave]
    Task<int> Ticks();

    /// <summary>The shortest time from the end of a tick to the beginning of the next; zero if ticks overlapped.</summary>
    [AlwaysInterleave]
    Task<TimeSpan> ShortestPause();

    /// <summary>Holds the grain until the gate opens; answers how many ticks began meanwhile.</summary>
    Task<int> TicksWhileWaitingAt(string gate);

    Task DeactivateSoon();
}

internal sealed class TimerGrain(Journal journal, TimeProvider time) : Grain, ITimerGrain
{
    private IGrainTimer? _timer;
    private int _ticks;
    private int _ticksInFlight;
    private long? _ended;
    private TimeSpan _shortestPause = TimeSpan.MaxValue;

    public Task Start(TimerPlan plan)
    {
        _timer = this.RegisterGrainTimer(
            static (state, token) => state.self.Tick(state.plan, token),
            (self: this, plan),
            new() { DueTime = Time(plan.DueMs), Period = Time(plan.PeriodMs), Interleave = plan.Interleave, KeepAlive = plan.KeepAlive });
        return Task.CompletedTask;
    }

    public Task Stop()
    {
        _timer!.Dispose();
        return Task.CompletedTask;
    }

    public async Task StopAfter(string gate)
    {
        journal.Write("holding");
        await journal.Opened(gate);
        _timer!.Dispose();
    }

    public Task Settle() => Task.CompletedTask;

    public Task Retime(int dueMs, int periodMs)
    {
        _timer!.Change(Time(dueMs), Time(periodMs));
        return Task.CompletedTask;
    }

    public Task<int> Ticks() => Task.FromResult(_ticks);

    public Task<TimeSpan> ShortestPause() => Task.FromResult(_shortestPause);

    public async Task<int> TicksWhileWaitingAt(string gate)
    {
        var before = _ticks;
        journal.Write("holding");
        await journal.Opened(gate);
        return _ticks - before;
    }

    public Task DeactivateSoon()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        journal.Write("timer grain deactivated");
        return Task.CompletedTask;
    }

    private static TimeSpan Time(int ms) => ms < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(ms);

    private async Task Tick(TimerPlan plan, CancellationToken token)
    {
        var pause = _ticksInFlight++ > 0 ? TimeSpan.Zero : _ended is { } ended ? time.GetElapsedTime(ended) : TimeSpan.MaxValue;
        _shortestPause = pause < _shortestPause ? pause : _shortestPause;
        _ticks++;
        journal.Write(plan.Line);
        if (_ticks == plan.DisposedAtTick)
            _timer!.Dispose();
        if (plan.LastsUntilCancelled)
            await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => journal.Write("tick cancelled"), TaskScheduler.Default);
        if (plan.LastsUntilGate is { } gate)
            await journal.Opened(gate);
        await Task.Delay(Time(plan.LastsMs), time, CancellationToken.None);
        _ended = time.GetTimestamp();
        _ticksInFlight--;
        if (plan.Failing)
            throw new ProbeException("tick", 3);
    }
}
