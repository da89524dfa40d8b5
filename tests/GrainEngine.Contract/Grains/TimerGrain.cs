namespace OrleansPayments.GrainEngine.Contract.Grains;

public interface ITimerGrain : IGrainWithGuidKey
{
    Task Start(bool interleave, bool failing, bool keepAlive, int periodMs);

    Task Stop();

    Task<int> Ticks();

    /// <summary>Holds the grain until the gate opens; answers how many ticks ran meanwhile.</summary>
    Task<int> TicksWhileWaitingAt(string gate);

    Task Retime(int dueMs);
}

internal sealed class TimerGrain(Journal journal) : Grain, ITimerGrain
{
    private IGrainTimer? _timer;
    private int _ticks;

    public Task Start(bool interleave, bool failing, bool keepAlive, int periodMs)
    {
        var period = periodMs < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(periodMs);
        _timer = this.RegisterGrainTimer(
            static (state, token) => state.self.Tick(state.failing),
            (self: this, failing),
            new() { DueTime = period, Period = period, Interleave = interleave, KeepAlive = keepAlive });
        return Task.CompletedTask;
    }

    public Task Stop()
    {
        _timer!.Dispose();
        return Task.CompletedTask;
    }

    public Task<int> Ticks() => Task.FromResult(_ticks);

    public async Task<int> TicksWhileWaitingAt(string gate)
    {
        var before = _ticks;
        journal.Write("holding");
        await journal.Opened(gate);
        return _ticks - before;
    }

    public Task Retime(int dueMs)
    {
        _timer!.Change(TimeSpan.FromMilliseconds(dueMs), Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        journal.Write("timer grain deactivated");
        return Task.CompletedTask;
    }

    private async Task Tick(bool failing)
    {
        await Task.Yield();
        _ticks++;
        journal.Write("tick");
        if (failing)
            throw new ProbeException("tick", 3);
    }
}
