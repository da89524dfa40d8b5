using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Silo.Persistence.Journal;

namespace OrleansPayments.Silo.Hosting;

/// <summary>
/// A silo whose shards another one has taken answers no API call and sends no payer on any more: what its grains remember may have changed over there, a revoked key among it.
/// </summary>
internal sealed class FencedMiddleware(RequestDelegate next, PostgresJournal journal)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (journal.Health.State == JournalState.Fenced && Speaks(http.Request.Path))
        {
            throw new JournalUnavailableException("Another silo has taken over.");
        }

        return next(http);
    }

    private static bool Speaks(PathString path) =>
        path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) || path.StartsWithSegments("/return", StringComparison.OrdinalIgnoreCase);
}
