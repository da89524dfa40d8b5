namespace OrleansPayments.GrainEngine.Contract.Grains;

public interface ILifecycleGrain : IGrainWithStringKey
{
    Task<string> Touch(string line);

    /// <summary>Asks for the end and waits at the gate.</summary>
    Task EndAfter(string gate);

    Task DelayDeactivation(TimeSpan span);
}

/// <summary>
/// Writes its life down. A key that begins with "slow" activates only when the gate of that name opens; "failing" fails until its gate is open; "rude"
/// fails to say good-bye.
/// </summary>
internal sealed class LifecycleGrain(Journal journal) : Grain, ILifecycleGrain
{
    private string Id => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        journal.Write($"activating {Id}");
        if (Id.StartsWith("slow", StringComparison.Ordinal))
            await journal.Opened(Id);
        if (Id.StartsWith("failing", StringComparison.Ordinal) && !journal.Opened(Id).IsCompleted)
        {
            await Task.Yield();
            throw new ProbeException("no activation yet", 11);
        }

        journal.Write($"activated {Id}");
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        journal.Write($"deactivating {Id}");
        await Task.Yield();
        journal.Write($"deactivated {Id}: {reason.ReasonCode}");
        if (Id.StartsWith("rude", StringComparison.Ordinal))
            throw new ProbeException("no good-bye", 12);
    }

    public Task<string> Touch(string line)
    {
        journal.Write($"{line} {Id}");
        return Task.FromResult(line);
    }

    public async Task EndAfter(string gate)
    {
        DeactivateOnIdle();
        journal.Write($"begin {Id}");
        await journal.Opened(gate);
        journal.Write($"end {Id}");
    }

    public new Task DelayDeactivation(TimeSpan span)
    {
        base.DelayDeactivation(span);
        return Task.CompletedTask;
    }
}
