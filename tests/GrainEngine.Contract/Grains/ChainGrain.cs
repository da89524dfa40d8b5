using Orleans.Concurrency;

namespace OrleansPayments.GrainEngine.Contract.Grains;

/// <summary>Whether a call chain may come back to the grain that says so.</summary>
public enum Leave
{
    NotGiven,
    Given,
    GivenAndTakenBack,
}

public interface IChainGrain : IGrainWithStringKey
{
    /// <summary>Calls the next grain of the path with the rest of it; at its end counts a visit and answers how many there were.</summary>
    Task<int> Follow(string[] path, Leave leave);

    /// <summary>Lets its chain come back, waits at the gate and calls itself.</summary>
    Task<int> WaitAndVisitSelf(string gate);

    [AlwaysInterleave]
    Task<int> Visits();
}

internal sealed class ChainGrain(Journal journal) : Grain, IChainGrain
{
    private int _visits;

    public async Task<int> Follow(string[] path, Leave leave)
    {
        if (path.Length == 0)
            return ++_visits;

        var next = GrainFactory.GetGrain<IChainGrain>(path[0]);
        if (leave == Leave.NotGiven)
            return await next.Follow(path[1..], Leave.NotGiven);

        using var given = RequestContext.AllowCallChainReentrancy();
        if (leave == Leave.Given)
            return await next.Follow(path[1..], Leave.NotGiven);

        using var takenBack = RequestContext.SuppressCallChainReentrancy();
        return await next.Follow(path[1..], Leave.NotGiven);
    }

    public async Task<int> WaitAndVisitSelf(string gate)
    {
        using var given = RequestContext.AllowCallChainReentrancy();
        journal.Write("leave given");
        await journal.Opened(gate);
        return await this.AsReference<IChainGrain>().Follow([], Leave.NotGiven);
    }

    public Task<int> Visits() => Task.FromResult(_visits);
}
