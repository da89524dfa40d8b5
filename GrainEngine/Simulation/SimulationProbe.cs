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
    public static int CallsInFlight(this IGrainFactory grains) =>
        grains is EmbeddedGrainEngine engine
            ? engine.Catalog.Activations.Sum(activation => activation.InFlight)
            : throw new ArgumentException("Not an embedded engine.", nameof(grains));
}
