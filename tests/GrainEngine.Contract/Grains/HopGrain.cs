namespace OrleansPayments.GrainEngine.Contract.Grains;

/// <summary>What a grain's code awaits.</summary>
public enum Hop
{
    Yield,
    WhenAll,
    WhenAny,
    Delay,
    Semaphore,

    /// <summary>A task that another thread ends.</summary>
    OtherThread,

    AnotherGrain,
}

public interface IHopGrain : IGrainWithStringKey
{
    /// <summary>Awaits and answers whether its code went on in a turn of its activation.</summary>
    Task<bool> IsInTurnAfter(Hop hop);

    /// <summary>The same for code that has left its turn on purpose.</summary>
    Task<bool> IsInTurnOnOtherThread();
}

internal sealed class HopGrain : Grain, IHopGrain
{
    // Registering a timer is refused outside the activation's turns; nothing else of the public API tells.
    private bool IsInTurn
    {
        get
        {
            try
            {
                this.RegisterGrainTimer(static () => Task.CompletedTask, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan).Dispose();
                return true;
            }
            catch (Exception exception) when (exception is InvalidOperationException or OrleansException)
            {
                return false;
            }
        }
    }

    public async Task<bool> IsInTurnAfter(Hop hop)
    {
        await After(hop);
        return IsInTurn;
    }

    public async Task<bool> IsInTurnOnOtherThread()
    {
        var seen = false;
        await Task.Run(() => seen = IsInTurn);
        return seen;
    }

    private async Task After(Hop hop)
    {
        switch (hop)
        {
            case Hop.Yield:
                await Task.Yield();
                break;
            case Hop.WhenAll:
                await Task.WhenAll(Task.Delay(1), Task.Delay(2));
                break;
            case Hop.WhenAny:
                await Task.WhenAny(Task.Delay(1), Task.Delay(2));
                break;
            case Hop.Delay:
                await Task.Delay(1);
                break;
            case Hop.Semaphore:
                using (var semaphore = new SemaphoreSlim(0))
                {
                    var waiting = semaphore.WaitAsync();
                    semaphore.Release();
                    await waiting;
                }

                break;
            case Hop.OtherThread:
                var ended = new TaskCompletionSource();
                ThreadPool.UnsafeQueueUserWorkItem(_ => ended.SetResult(), null);
                await ended.Task;
                break;
            case Hop.AnotherGrain:
                await GrainFactory.GetGrain<IProbeGrain>(Guid.NewGuid().ToString()).AddSlowly(2);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(hop), hop, "Unknown hop.");
        }
    }
}
