namespace OrleansPayments.Silo.Persistence.Journal;

/// <summary>What the journal can do at the moment; more severe is greater.</summary>
public enum JournalState
{
    /// <summary>Takes appends and loads.</summary>
    Ready,

    /// <summary>A writer lost its connection and establishes what became of its last batch. Ends by itself.</summary>
    Recovering,

    /// <summary>Not started yet, or stopped.</summary>
    Stopped,

    /// <summary>The shards belong to another silo, or the database is not what this silo wrote. Never ends; the process must be restarted.</summary>
    Fenced,
}

/// <summary>For readiness checks.</summary>
/// <param name="Reason">Why the state is not <see cref="JournalState.Ready"/>; null when it is.</param>
/// <param name="QueuedAppends">Appends that wait for a batch, over all writers.</param>
public sealed record JournalHealth(JournalState State, string? Reason, int QueuedAppends);
