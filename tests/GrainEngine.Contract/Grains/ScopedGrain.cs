namespace OrleansPayments.GrainEngine.Contract.Grains;

/// <summary>A service of one activation.</summary>
public sealed class Scoped(Journal journal) : IDisposable
{
    public Guid Id { get; } = Guid.NewGuid();

    public void Dispose() => journal.Write($"scoped service {Id} disposed");
}

public interface IScopedGrain : IGrainWithStringKey
{
    Task<Guid> ScopedId();

    /// <summary>Whether everything that it takes by injection belongs to this activation.</summary>
    Task<bool> IsWhole();

    Task DeactivateSoon();
}

internal sealed class ScopedGrain(Journal journal, Scoped scoped, Scoped again, IGrainContext context, IGrainFactory factory) : Grain, IScopedGrain, IDisposable
{
    public Task<Guid> ScopedId() => Task.FromResult(scoped.Id);

    public Task<bool> IsWhole() => Task.FromResult(
        ReferenceEquals(scoped, again)
        && ReferenceEquals(scoped, ServiceProvider.GetService(typeof(Scoped)))
        && ReferenceEquals(journal, ServiceProvider.GetService(typeof(Journal)))
        && context.GrainId == this.GetGrainId()
        && ReferenceEquals(context.GrainInstance, this)
        && factory.GetGrain<IScopedGrain>(this.GetPrimaryKeyString()).GetGrainId() == context.GrainId);

    public Task DeactivateSoon()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        journal.Write("scoped grain deactivated");
        return Task.CompletedTask;
    }

    public void Dispose() => journal.Write("scoped grain disposed");
}
