using Orleans.Concurrency;

namespace OrleansPayments.GrainEngine.Contract.Grains;

/// <summary>A grain whose calls do what the test says.</summary>
public interface IProbeGrain : IGrainWithStringKey
{
    /// <summary>Identifies the activation.</summary>
    ValueTask<Guid> ActivationId();

    /// <summary>Adds without any await in between; answers the new sum.</summary>
    Task<int> Add(int amount);

    /// <summary>Adds one without any await; answers whether another turn was ever seen inside.</summary>
    Task<bool> AddAndWatch();

    /// <summary>Reads, waits several times for another thread, writes: loses additions if turns of two calls mix.</summary>
    Task AddSlowly(int hops);

    /// <summary>Writes "begin name", waits for the gate, writes "end name".</summary>
    Task WaitAt(string gate, string name);

    ValueTask Note(string line);

    /// <summary>Writes the line and answers the activation's id.</summary>
    Task<Guid> NoteWhere(string line);

    [AlwaysInterleave]
    Task<int> Peek();

    [ReadOnly]
    Task ReadAt(string gate, string name);

    [OneWay]
    Task Forget(string line);

    [OneWay]
    Task ForgetAndFail();

    Task Fail(string message);

    Task<int> FailBeforeAnyAwait(string message);

    Task BeCancelled();

    Task DeactivateSoon();

    /// <summary>Asks for the end and then waits at the gate, so that calls queue behind.</summary>
    Task<Guid> DeactivateAndWaitAt(string gate);

    /// <summary>Lets another grain wait at the gate and add one.</summary>
    Task CallOther(string other, string gate);

    /// <summary>Adds one to the grain that the reference stands for; answers it.</summary>
    Task<IProbeGrain> AddTo(IProbeGrain other);

    [ResponseTimeout("00:00:01")]
    Task<string> ImpatientlyWaitAt(string gate, string secret);

    Task<bool> WaitForCancellation(CancellationToken token);

    Task Cancellable(string line, CancellationToken token);

    Task<IProbeGrain> Self();
}
