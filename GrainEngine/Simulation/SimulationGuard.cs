namespace Orleans.Simulation;

/// <summary>
/// Watches the counters of this process for work that left a simulation and never came back: items of the thread pool and real timers. Only for a process in
/// which nothing else uses them, and whose dependency injection compiles nothing in the background
/// (the switch <c>Microsoft.Extensions.DependencyInjection.DisableDynamicEngine</c>).
/// </summary>
public sealed class SimulationGuard
{
    private readonly long _items = Items;
    private readonly long _timers = Timer.ActiveCount;

    private static long Items => ThreadPool.CompletedWorkItemCount + ThreadPool.PendingWorkItemCount;

    /// <exception cref="SimulationEscapeException">The thread pool or a real timer was used since this guard was made.</exception>
    public void Verify()
    {
        if (Items - _items is not 0 and var items)
            throw new SimulationEscapeException($"{items} items passed through the thread pool during the simulation.");
        if (Timer.ActiveCount > _timers)
            throw new SimulationEscapeException($"{Timer.ActiveCount - _timers} real timers were started during the simulation.");
    }
}
