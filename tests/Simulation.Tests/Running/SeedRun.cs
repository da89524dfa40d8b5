using Orleans.Simulation;
using OrleansPayments.Simulation.Planted;
using OrleansPayments.Simulation.World;

namespace OrleansPayments.Simulation.Running;

/// <summary>Runs one seed on the calling thread.</summary>
internal static class SeedRun
{
    /// <param name="happened">Counts the events of all payments, by type.</param>
    public static SeedResult Of(ulong seed, PlantedBug bug, SimulationTrace? trace = null, IDictionary<string, int>? happened = null)
    {
        trace ??= new SimulationTrace();
        var world = new PaymentWorld(seed, bug, trace);
        try
        {
            world.Run();
        }
        catch (SimulationEscapeException escape)
        {
            world.Fail(escape.Message);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The seed that finds a hole in this world is as worth replaying as any other.
            world.Fail("the simulation itself failed: " + e);
        }

        if (happened is not null) world.CountEvents(happened);
        return new SeedResult(seed, trace.Hash, world.Loop.Steps, world.Loop.Elapsed, world.Violation);
    }
}
