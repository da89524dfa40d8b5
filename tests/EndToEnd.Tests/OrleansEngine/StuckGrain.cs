using Orleans.Concurrency;

namespace OrleansPayments.EndToEnd.Tests.OrleansEngine;

/// <summary>A grain with a call that never ends.</summary>
[Alias("tests.stuck")]
public interface IStuckGrain : IGrainWithStringKey
{
    [Alias("wait")]
    Task Wait();

    [AlwaysInterleave, Alias("is_waiting")]
    Task<bool> IsWaiting();
}

internal sealed class StuckGrain : Grain, IStuckGrain
{
    private readonly TaskCompletionSource _never = new();
    private bool _waiting;

    public Task Wait()
    {
        _waiting = true;
        return _never.Task;
    }

    public Task<bool> IsWaiting() => Task.FromResult(_waiting);
}
