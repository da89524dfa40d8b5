namespace OrleansPayments.Grains.Shared.Journal;

/// <summary>The journal cannot take or give entries now: no connection, queue full, or the shards belong to another silo. Callers get 503 and may try again.</summary>
[GenerateSerializer, Alias("journal_unavailable")]
public sealed class JournalUnavailableException : Exception
{
    public JournalUnavailableException()
        : this("The journal is unavailable.")
    {
    }

    public JournalUnavailableException(string message)
        : base(message)
    {
    }

    public JournalUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public JournalUnavailableException(string message, bool outcomeUnknown, Exception? innerException = null)
        : base(message, innerException)
    {
        OutcomeUnknown = outcomeUnknown;
    }

    /// <summary>True when the entry may have been committed all the same; false when it certainly was not.</summary>
    [Id(0)]
    public bool OutcomeUnknown { get; }
}
