using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

public interface IThreadGrain : IGrainWithStringKey
{
    Task<int> ThreadId();

    /// <summary>Starts an async void method that throws.</summary>
    Task ThrowIntoTheVoid();
}

internal sealed class ThreadGrain : Grain, IThreadGrain
{
    public Task<int> ThreadId() => Task.FromResult(Environment.CurrentManagedThreadId);

    public Task ThrowIntoTheVoid()
    {
        Throw();
        return Task.CompletedTask;

        static async void Throw()
        {
            await Task.Yield();
            throw new ProbeException("void", 1);
        }
    }
}
