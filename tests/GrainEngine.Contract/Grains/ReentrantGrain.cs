using Orleans.Concurrency;

namespace OrleansPayments.GrainEngine.Contract.Grains;

public interface IReentrantGrain : IGrainWithIntegerKey
{
    Task WaitAt(string gate, string name);

    /// <summary>Adds within one turn, many times, with hops in between; answers whether another turn was ever seen inside one.</summary>
    Task<bool> AddBetweenHops(int times);

    Task<int> Sum();
}

[Reentrant]
internal sealed class ReentrantGrain(Journal journal) : Grain, IReentrantGrain
{
    private int _inside;
    private int _sum;

    public async Task WaitAt(string gate, string name)
    {
        journal.Write("begin " + name);
        await journal.Opened(gate);
        journal.Write("end " + name);
    }

    public async Task<bool> AddBetweenHops(int times)
    {
        var overlapped = false;
        for (var i = 0; i < times; i++)
        {
            // Both are plain fields: only turns that never overlap keep them right.
            overlapped |= ++_inside != 1;
            _sum++;
            Thread.SpinWait(20);
            _inside--;
            await Task.Yield();
        }

        return overlapped;
    }

    public Task<int> Sum() => Task.FromResult(_sum);
}
