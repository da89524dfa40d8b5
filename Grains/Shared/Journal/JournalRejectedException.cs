namespace OrleansPayments.Grains.Shared.Journal;

/// <summary>The store refused the data of an entry, and would refuse it again. Nothing was written.</summary>
[GenerateSerializer, Alias("journal_rejected")]
public sealed class JournalRejectedException : Exception
{
    public JournalRejectedException()
        : this("The journal refused the entry.")
    {
    }

    public JournalRejectedException(string message)
        : base(message)
    {
    }

    public JournalRejectedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
