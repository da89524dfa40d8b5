using OrleansPayments.Grains.Shared.Journal;

namespace OrleansPayments.Silo.Persistence.Journal;

/// <summary>
/// An append that waits for its answer. The first answer wins: the truth from the database and the end of the patience may come together. Not
/// pooled: a caller that was told "unknown" is gone while the writer still holds the append.
/// </summary>
internal sealed class PendingAppend(JournalAppend append, int shard)
    // The caller's code must not run inside the writer's loop.
    : TaskCompletionSource<AppendResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public string Entity { get; } = append.Entity;

    public int Shard { get; } = shard;

    /// <summary>The version to write.</summary>
    public int Version { get; } = append.ExpectedVersion + 1;

    public ReadOnlyMemory<byte> Events { get; } = append.Events;

    public bool IsAnswered => Task.IsCompleted;

    public void Answer(AppendStatus status, DateTimeOffset recordedAt = default) => TrySetResult(new AppendResult(status, recordedAt));

    public void Fail(string reason, bool outcomeUnknown, Exception? cause = null) =>
        TrySetException(new JournalUnavailableException(reason, outcomeUnknown, cause));
}
