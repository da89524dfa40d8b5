using Orleans.Simulation;
using OrleansPayments.Grains.Shared.Journal;

namespace OrleansPayments.Simulation.World;

/// <summary>A journal that commits at once and tells an entity's writer of its first version only later.</summary>
internal sealed class SlowFirstAnswer(IJournal journal, SimulatedProcess silo, string entity, TimeSpan later) : IJournal
{
    public async ValueTask<AppendResult> AppendAsync(JournalAppend append)
    {
        var result = await journal.AppendAsync(append);
        if (append.Entity == entity && append.ExpectedVersion == 0) await Task.Delay(later, silo.Time);
        return result;
    }

    public ValueTask<IReadOnlyList<JournalEntry>> LoadAsync(string entity) => journal.LoadAsync(entity);
}
