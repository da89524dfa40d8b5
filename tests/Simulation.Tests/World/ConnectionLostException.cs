namespace OrleansPayments.Simulation.World;

/// <summary>The silo went away before it answered, or was not there.</summary>
internal sealed class ConnectionLostException() : Exception("The silo is gone.");
