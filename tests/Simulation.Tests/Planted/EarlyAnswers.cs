using Orleans.Simulation;
using OrleansPayments.Grains.Shared.Journal;

namespace OrleansPayments.Simulation.Planted;

/// <summary>Says of some entries at once that they are written, and begins to write them only then. A crash in between loses them.</summary>
/// <param name="isEarly">Of the entry's events, as JSON.</param>
internal sealed class EarlyAnswers(IJournal journal, SimulatedProcess silo, Func<string, bool> isEarly) : IJournal
{
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(30);

    private readonly Dictionary<string, Task> _late = new(StringComparer.Ordinal);

    public async ValueTask<AppendResult> AppendAsync(JournalAppend append)
    {
        if (_late.Remove(append.Entity, out var late)) await late;
        if (!isEarly(System.Text.Encoding.UTF8.GetString(append.Events.Span))) return await journal.AppendAsync(append);

        var written = new TaskCompletionSource();
        _late[append.Entity] = written.Task;
        silo.After(Late, () => _ = WriteLate(append, written));
        return new AppendResult(AppendStatus.Appended, silo.Time.GetUtcNow());
    }

    public ValueTask<IReadOnlyList<JournalEntry>> LoadAsync(string entity) => journal.LoadAsync(entity);

    private async Task WriteLate(JournalAppend append, TaskCompletionSource written)
    {
        try
        {
            await journal.AppendAsync(append);
        }
        catch (JournalUnavailableException)
        {
            // Nobody listens any more: the grain was told that it is written. That is the bug.
        }

        written.SetResult();
    }
}
