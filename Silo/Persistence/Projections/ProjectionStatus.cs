namespace OrleansPayments.Silo.Persistence.Projections;

/// <summary>How a projection fares.</summary>
public enum ProjectionState
{
    /// <summary>Not started, or stopped with the silo.</summary>
    Idle,

    /// <summary>Follows the journal.</summary>
    Running,

    /// <summary>Reads a long way behind the journal: after a start, or while it is rebuilt.</summary>
    CatchingUp,

    /// <summary>Met a row that it cannot apply, and waits for a correction and a restart or a rebuild.</summary>
    Stopped,

    /// <summary>Another silo's projector has taken over.</summary>
    Fenced,
}

/// <summary>For readiness checks and operators.</summary>
/// <param name="Reason">Why it is stopped; null otherwise.</param>
/// <param name="Lag">Rows of the journal that are not in it yet.</param>
public sealed record ProjectionStatus(string Name, ProjectionState State, string? Reason, long Lag);
