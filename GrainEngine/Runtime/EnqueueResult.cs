namespace Orleans.Runtime;

/// <summary>What became of a request that was offered to a mailbox.</summary>
internal enum EnqueueResult
{
    Queued,

    /// <summary>The mailbox holds as many requests as it may.</summary>
    Full,

    /// <summary>The activation has ended; the identity must be looked up again.</summary>
    Sealed,
}
