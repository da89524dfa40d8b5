using Orleans.Concurrency;

namespace OrleansPayments.GrainEngine.Contract.Grains;

public interface ICycleGrain : IGrainWithStringKey
{
    /// <summary>Calls the first of the named grains with the rest of the names; the last of them waits at the gate.</summary>
    Task Pass(string[] way, string gate);

    /// <summary>As <see cref="Pass"/>, but without a turn of its own in the queue.</summary>
    [AlwaysInterleave]
    Task PassInterleaving(string[] way, string gate);

    /// <summary>As <see cref="Pass"/>, and nobody waits for it.</summary>
    [OneWay]
    Task PassUnawaited(string[] way, string gate);

    /// <summary>Calls itself, does not await that, and waits at the gate.</summary>
    Task PassToSelfLater(string gate);

    Task<int> Passed();
}

internal sealed class CycleGrain(Journal journal) : Grain, ICycleGrain
{
    private int _passed;

    public Task Pass(string[] way, string gate) => PassOnAsync(way, gate, (next, rest) => next.Pass(rest, gate));

    public Task PassInterleaving(string[] way, string gate) => PassOnAsync(way, gate, (next, rest) => next.PassInterleaving(rest, gate));

    public Task PassUnawaited(string[] way, string gate) => Pass(way, gate);

    public Task PassToSelfLater(string gate)
    {
        _ = this.AsReference<ICycleGrain>().Pass([], gate);
        return Reach(gate);
    }

    public Task<int> Passed() => Task.FromResult(_passed);

    private async Task PassOnAsync(string[] way, string gate, Func<ICycleGrain, string[], Task> pass)
    {
        if (way.Length == 0)
            await Reach(gate);
        else
            await pass(GrainFactory.GetGrain<ICycleGrain>(way[0]), way[1..]);
        _passed++;
    }

    private Task Reach(string gate)
    {
        journal.Write("reached");
        return journal.Opened(gate);
    }
}

public interface ICyclicActivationGrain : IGrainWithStringKey
{
    Task Touch();
}

/// <summary>Its activation calls a grain that calls it back.</summary>
internal sealed class CyclicActivationGrain : Grain, ICyclicActivationGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        GrainFactory.GetGrain<ICyclicCalleeGrain>(this.GetPrimaryKeyString()).CallBack();

    public Task Touch() => Task.CompletedTask;
}

public interface ICyclicCalleeGrain : IGrainWithStringKey
{
    Task CallBack();
}

internal sealed class CyclicCalleeGrain : Grain, ICyclicCalleeGrain
{
    public Task CallBack() => GrainFactory.GetGrain<ICyclicActivationGrain>(this.GetPrimaryKeyString()).Touch();
}
