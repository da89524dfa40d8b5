using Orleans.Concurrency;

namespace OrleansPayments.GrainEngine.Contract.Grains;

public interface IWorkerGrain : IGrainWithIntegerKey
{
    /// <summary>Answers the activation's id.</summary>
    Task<Guid> WorkAt(string gate);
}

[StatelessWorker(3)]
internal sealed class WorkerGrain(Journal journal) : Grain, IWorkerGrain
{
    private readonly Guid _activationId = Guid.NewGuid();

    public async Task<Guid> WorkAt(string gate)
    {
        journal.Write("working");
        await journal.Opened(gate);
        return _activationId;
    }
}
