namespace Orleans.Simulation;

/// <summary>Why a simulation stopped.</summary>
public enum SimulationEnd
{
    /// <summary>What it was run for has happened.</summary>
    Done,

    /// <summary>Nothing is left that could ever happen, and it is not done.</summary>
    Stalled,

    /// <summary>The bound on steps was reached.</summary>
    TooManySteps,

    /// <summary>The bound on virtual time was reached.</summary>
    TooLong,
}
