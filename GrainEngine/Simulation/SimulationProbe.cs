using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>Looks into an engine between two steps of a simulation.</summary>
public static class SimulationProbe
{
    /// <summary>
    /// Calls that were begun and have not ended. Not zero when all has come to rest: something that a grain awaits left the simulation's thread, or waits for what
    /// never comes.
    /// </summary>
    /// <exception cref="ArgumentException">The factory is not that of an embedded engine.</exception>
    public static int CallsInFlight(this IGrainFactory grains) => EngineOf(grains).Catalog.Activations.Sum(activation => activation.InFlight);

    /// <summary>
    /// Calls that wait for themselves, each as <c>method: a → b → a</c>. Where no grain makes a call whose answer it does not await, such a call can only time out.
    /// </summary>
    /// <exception cref="ArgumentException">The factory is not that of an embedded engine.</exception>
    public static IReadOnlyList<string> CallsInCycles(this IGrainFactory grains)
    {
        var engine = EngineOf(grains);
        return engine.Timeouts.PendingCount == 0 ? [] : [.. engine.FindCallsInCycles().Select(call => call.ToString())];
    }

    private static EmbeddedGrainEngine EngineOf(IGrainFactory grains) =>
        grains as EmbeddedGrainEngine ?? throw new ArgumentException("Not an embedded engine.", nameof(grains));
}
