namespace OrleansPayments.GrainEngine.Contract.Grains;

internal sealed class ProbeGrain(Journal journal) : Grain, IProbeGrain
{
    public static readonly AsyncLocal<string?> Ambient = new();

    private readonly Guid _activationId = Guid.NewGuid();
    private int _sum;

    public Task<string> Key() => Task.FromResult(this.GetPrimaryKeyString());

    public ValueTask<Guid> ActivationId() => new(_activationId);

    public Task<int> Add(int amount) => Task.FromResult(_sum += amount);

    public async Task AddSlowly(int hops)
    {
        var before = _sum;
        for (var i = 0; i < hops; i++)
            await Task.Yield();
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

    public Task<int> Peek() => Task.FromResult(_sum);

    public Task ReadAt(string gate, string name) => WaitAt(gate, name);

    public Task Forget(string line)
    {
        journal.Write(line);
        return Task.CompletedTask;
    }

    public Task ForgetAndFail() => throw new InvalidOperationException("nobody hears this");

    public async Task Fail(string message)
    {
        await Task.Yield();
        throw new ProbeException(message, 42);
    }

    public Task<int> FailBeforeAnyAwait(string message) => throw new ProbeException(message, 7);

    public Task DeactivateSoon()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task DeactivateAndWaitAt(string gate)
    {
        DeactivateOnIdle();
        journal.Write("deactivating");
        await journal.Opened(gate);
    }

    public async Task CallOther(string other, string gate)
    {
        var mine = SynchronizationContext.Current;
        await GrainFactory.GetGrain<IProbeGrain>(other).WaitAt(gate, other);
        if (mine is not null && !ReferenceEquals(mine, SynchronizationContext.Current))
            throw new InvalidOperationException("The continuation left its grain's turn.");
        _sum++;
    }

    public Task<int> CallSelf() => this.AsReference<IProbeGrain>().Add(1);

    public async Task<int> CallSelfReentrantly()
    {
        using var section = RequestContext.AllowCallChainReentrancy();
        return await this.AsReference<IProbeGrain>().Add(1);
    }

    public async Task<string> ImpatientlyWaitAt(string gate, string secret)
    {
        await WaitAt(gate, "impatient");
        return secret;
    }

    public Task<string?> ContextValue(string key) => Task.FromResult((string?)RequestContext.Get(key));

    public Task SetContext(string key, string value)
    {
        RequestContext.Set(key, value);
        return Task.CompletedTask;
    }

    public Task<string?> AmbientValue()
    {
        var seen = Ambient.Value;
        Ambient.Value = "from the grain";
        return Task.FromResult(seen);
    }

    public async Task<bool> IsInTurnAfterHops(int hops)
    {
        var context = SynchronizationContext.Current;
        for (var i = 0; i < hops; i++)
            await Task.Yield();
        return ReferenceEquals(context, SynchronizationContext.Current);
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
