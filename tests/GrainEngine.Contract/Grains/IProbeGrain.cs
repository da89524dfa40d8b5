using Orleans.Concurrency;

namespace OrleansPayments.GrainEngine.Contract.Grains;

/// <summary>A grain whose calls do what the test says.</summary>
public interface IProbeGrain : IGrainWithStringKey
{
    Task<string> Key();

    /// <summary>Identifies the activation.</summary>
    ValueTask<Guid> ActivationId();

    /// <summary>Adds without any await in between; answers the new sum.</summary>
    Task<int> Add(int amount);

    /// <summary>Reads, gives the thread up several times, writes: loses additions if turns of two calls mix.</summary>
    Task AddSlowly(int hops);

    /// <summary>Writes "begin name", waits for the gate, writes "end name".</summary>
    Task WaitAt(string gate, string name);

    ValueTask Note(string line);

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

    Task DeactivateSoon();

    /// <summary>Asks for the end and then waits at the gate, so that calls queue behind.</summary>
    Task DeactivateAndWaitAt(string gate);

    Task CallOther(string other, string gate);

    Task<int> CallSelf();

    Task<int> CallSelfReentrantly();

    [ResponseTimeout("00:00:00.3")]
    Task<string> ImpatientlyWaitAt(string gate, string secret);

    Task<string?> ContextValue(string key);

    Task SetContext(string key, string value);

    Task<string?> AmbientValue();

    Task<bool> IsInTurnAfterHops(int hops);

    Task<bool> WaitForCancellation(CancellationToken token);

    Task Cancellable(string line, CancellationToken token);

    Task<IProbeGrain> Self();
}
