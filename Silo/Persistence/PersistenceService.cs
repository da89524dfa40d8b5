using Microsoft.Extensions.Options;
using OrleansPayments.Silo.Hosting.PrivatePostgres;
using OrleansPayments.Silo.Persistence.Journal;
using OrleansPayments.Silo.Persistence.Keys;
using OrleansPayments.Silo.Persistence.Migrations;
using OrleansPayments.Silo.Persistence.Projections;

namespace OrleansPayments.Silo.Persistence;

/// <summary>
/// Starts server → schema → keys → journal → projectors, and stops them the other way round, the server last. The host stops its services in the reverse
/// order of their registration, so register this one before the grain engine and the web server: they drain first, while the journal still takes
/// their appends.
/// </summary>
internal sealed partial class PersistenceService(
    PersistenceOptions options,
    IOptions<PrivatePostgresOptions> privateOptions,
    PaymentsDatabase database,
    KeyRingStore keys,
    PostgresJournal journal,
    Projector projector,
    TimeProvider time,
    ILogger<PersistenceService> logger) : IHostedService
{
    private PrivatePostgresCluster? _cluster;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            var connectionString = await ProvideServerAsync(cancellationToken).ConfigureAwait(false);
            database.Open(connectionString);
            await MigrationRunner.ApplyAsync(database.Source, logger, cancellationToken).ConfigureAwait(false);

            // Before the journal, which takes the shards: a silo with a wrong master key must not stop the one that works.
            await keys.LoadAsync(cancellationToken).ConfigureAwait(false);
            await journal.StartAsync(connectionString, cancellationToken).ConfigureAwait(false);
            await projector.StartAsync(database.Source, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // The host does not stop a service that failed to start, and the server must not outlive a silo that gave up.
            await StopAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Bounded by the journal's and the server's own limits rather than the token: what was acknowledged is safe in any case.</remarks>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await DoAsync("journal", journal.StopAsync).ConfigureAwait(false);
        await DoAsync("projector", projector.StopAsync).ConfigureAwait(false);
        await DoAsync("database", () => database.DisposeAsync().AsTask()).ConfigureAwait(false);
        if (_cluster is not null)
            await DoAsync("private PostgreSQL", _cluster.StopAsync).ConfigureAwait(false);
    }

    private async Task<string> ProvideServerAsync(CancellationToken cancellation)
    {
        if (!string.IsNullOrWhiteSpace(options.ConnectionString))
            return options.ConnectionString;
        _cluster = await PrivatePostgresCluster
            .StartAsync(options.DataFolder, logger, cancellation, privateOptions.Value, time).ConfigureAwait(false);
        return _cluster.ConnectionString;
    }

    private async Task DoAsync(string what, Func<Task> stop)
    {
        try
        {
            await stop().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The rest must be stopped all the same.
            LogStopFailed(e, what);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Stopping the {Part} failed")]
    private partial void LogStopFailed(Exception exception, string part);
}
