namespace OrleansPayments.GrainEngine.Contract.Grains;

internal sealed class ProbeGrain(Journal journal) : Grain, IProbeGrain
{
    private readonly Guid _activationId = Guid.NewGuid();
    private readonly TurnDetector _detector = new();
    private int _sum;

    public ValueTask<Guid> ActivationId() => new(_activationId);

    public Task<int> Add(int amount) => Task.FromResult(_sum += amount);

    public Task<bool> AddAndWatch()
    {
        _detector.Pass();
        _sum++;
        return Task.FromResult(_detector.Overlapped);
    }

    public async Task AddSlowly(int hops)
    {
        var before = _sum;
        for (var i = 0; i < hops; i++)
            await Task.Run(static () => { });
        _sum = before + 1;
    }

    public async Task WaitAt(string gate, string name)
    {
        journal.Write("begin " + name);
        await journal.Opened(gate);
        journal.Write("end " + name);
    }

    public ValueTask Note(string line)
    {
        journal.Write(line);
        return ValueTask.CompletedTask;
    }

    public Task<Guid> NoteWhere(string line)
    {
        journal.Write(line);
        return Task.FromResult(_activationId);
    }

    public Task<int> Peek() => Task.FromResult(_sum);

    public Task ReadAt(string gate, string name) => WaitAt(gate, name);

    public Task Forget(string line)
    {
        journal.Write(line);
        return Task.CompletedTask;
    }

    public Task ForgetAndFail()
    {
        journal.Write("failing unheard");
        throw new InvalidOperationException("nobody hears this");
    }

    public async Task Fail(string message)
    {
        await Task.Yield();
        throw new ProbeException(message, 42);
    }

    public Task<int> FailBeforeAnyAwait(string message) => throw new ProbeException(message, 7);

    public async Task BeCancelled()
    {
        await Task.Yield();
        throw new OperationCanceledException("the grain's own");
    }

    public Task DeactivateSoon()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task<Guid> DeactivateAndWaitAt(string gate)
    {
        DeactivateOnIdle();
        journal.Write("deactivating");
        await journal.Opened(gate);
        return _activationId;
    }

    public async Task CallOther(string other, string gate)
    {
        await GrainFactory.GetGrain<IProbeGrain>(other).WaitAt(gate, other);
        _sum++;
        journal.Write($"{this.GetPrimaryKeyString()} called {other}");
    }

    public async Task<IProbeGrain> AddTo(IProbeGrain other)
    {
        await other.Add(1);
        return other;
    }

    public async Task<string> ImpatientlyWaitAt(string gate, string secret)
    {
        await WaitAt(gate, "impatient");
        return secret;
    }

    public async Task<bool> WaitForCancellation(CancellationToken token)
    {
        journal.Write("waiting");
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = token.Register(seen.SetResult);
        await seen.Task;
        journal.Write("cancelled");
        return token.IsCancellationRequested;
    }

    public Task Cancellable(string line, CancellationToken token)
    {
        journal.Write(line);
        return Task.CompletedTask;
    }

    public Task<IProbeGrain> Self() => Task.FromResult(this.AsReference<IProbeGrain>());
}
