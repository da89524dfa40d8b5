using Orleans.Concurrency;

namespace OrleansPayments.GrainEngine.Contract.Grains;

public interface IReentrantGrain : IGrainWithIntegerKey
{
    Task WaitAt(string gate, string name);

    /// <summary>Adds once per turn, many times, with hops in between; answers whether another turn was ever seen inside one.</summary>
    Task<bool> AddBetweenHops(int times);

    Task<int> Sum();
}

[Reentrant]
internal sealed class ReentrantGrain(Journal journal) : Grain, IReentrantGrain
{
    private readonly TurnDetector _detector = new();
    private int _sum;

    public async Task WaitAt(string gate, string name)
    {
        journal.Write("begin " + name);
        await journal.Opened(gate);
        journal.Write("end " + name);
    }

    public async Task<bool> AddBetweenHops(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _detector.Pass();
            // A plain field: only turns that never overlap keep it right.
            _sum++;
            await Task.Yield();
        }

        return _detector.Overlapped;
    }

    public Task<int> Sum() => Task.FromResult(_sum);
}
