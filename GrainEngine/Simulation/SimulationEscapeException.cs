namespace Orleans.Simulation;

/// <summary>Something ran outside the simulation's one thread: a pool thread, a real timer, real I/O. The run's outcome does not follow from its seed.</summary>
public sealed class SimulationEscapeException(string message) : Exception(message);
