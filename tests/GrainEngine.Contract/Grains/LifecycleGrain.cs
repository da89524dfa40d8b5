namespace OrleansPayments.GrainEngine.Contract.Grains;

public interface ILifecycleGrain : IGrainWithStringKey
{
    Task<string> Touch(string line);
}

/// <summary>Writes its life down. A key that begins with "slow" activates only when the gate of that name opens; "failing" fails until its gate is open.</summary>
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
            throw new ProbeException("no activation yet", 1);
        }

        journal.Write($"activated {Id}");
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await Task.Yield();
        journal.Write($"deactivated {Id}: {reason.ReasonCode}");
    }

    public Task<string> Touch(string line)
    {
        journal.Write($"{line} {Id}");
        return Task.FromResult(line);
    }
}
