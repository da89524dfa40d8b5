using OrleansPayments.Silo.Api.Health;
using OrleansPayments.Silo.Persistence.Journal;

namespace OrleansPayments.Silo.Hosting;

/// <summary>Without its journal the silo takes nothing.</summary>
internal sealed class JournalReadiness(PostgresJournal journal) : IReadinessCheck
{
    public string Name => "journal";

    public ValueTask<string?> WhyNotReadyAsync(CancellationToken cancellationToken) => ValueTask.FromResult(journal.Health.State switch
    {
        JournalState.Ready => null,
        JournalState.Recovering => "The database is not reachable; the journal is recovering.",
        JournalState.Stopped => "The journal is not running.",
        JournalState.Fenced => "Another silo has taken over; this one must be restarted to serve again.",
        _ => "The journal is in an unknown state.",
    });
}
