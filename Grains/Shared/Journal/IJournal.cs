namespace OrleansPayments.Grains.Shared.Journal;

/// <summary>
/// The append-only record of what happened. Every grain keeps its state as the fold of its entity's entries; nothing else is written by a grain.
/// </summary>
public interface IJournal
{
    /// <summary>
    /// Appends one version of an entity. Completes only when the outcome is known: an <see cref="AppendStatus.Appended"/> entry has been committed
    /// and flushed to disk; <see cref="AppendStatus.Conflict"/> and <see cref="AppendStatus.Rejected"/> wrote nothing.
    /// </summary>
    /// <exception cref="JournalUnavailableException">
    /// The store cannot be reached, is full or belongs to another owner. <see cref="JournalUnavailableException.OutcomeUnknown"/> tells whether the
    /// entry may be there after all; a grain then drops its state and reads it again.
    /// </exception>
    ValueTask<AppendResult> AppendAsync(JournalAppend append);

    /// <summary>Every entry of an entity, in order of version; empty when there is none.</summary>
    /// <exception cref="JournalUnavailableException">The store cannot be reached.</exception>
    ValueTask<IReadOnlyList<JournalEntry>> LoadAsync(string entity);

    /// <summary>The last entries of an entity, in order of version. What is older is not read where the store can do without.</summary>
    /// <param name="most">Above 0.</param>
    /// <exception cref="JournalUnavailableException">The store cannot be reached.</exception>
    async ValueTask<IReadOnlyList<JournalEntry>> LoadLastAsync(string entity, int most)
    {
        var entries = await LoadAsync(entity);
        return entries.Count <= most ? entries : [.. entries.Skip(entries.Count - most)];
    }
}
