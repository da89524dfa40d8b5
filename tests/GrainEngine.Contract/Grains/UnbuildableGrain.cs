namespace OrleansPayments.GrainEngine.Contract.Grains;

public interface IUnbuildableGrain : IGrainWithStringKey
{
    Task Touch();
}

/// <summary>Its constructor throws until the gate "buildable" is open.</summary>
internal sealed class UnbuildableGrain : Grain, IUnbuildableGrain
{
    public UnbuildableGrain(Journal journal)
    {
        if (!journal.Opened("buildable").IsCompleted)
            throw new ProbeException("cannot be built", 13);
    }

    public Task Touch() => Task.CompletedTask;
}
