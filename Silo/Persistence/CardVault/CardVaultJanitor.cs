using Microsoft.Extensions.Options;

namespace OrleansPayments.Silo.Persistence.CardVault;

/// <summary>Destroys the cards whose time is up. Rows that somebody works on are left to the next look.</summary>
internal sealed partial class CardVaultJanitor(
    PaymentsDatabase database, CardVaultMetrics metrics, IOptions<CardVaultOptions> options, TimeProvider time, ILogger<CardVaultJanitor> logger)
    : BackgroundService
{
    private readonly CardVaultOptions _options = options.Value;

    /// <returns>How many cards are gone.</returns>
    internal async Task<int> SweepAsync(CancellationToken cancellation)
    {
        var total = 0;
        int gone;
        do
        {
            gone = await DeleteBatchAsync(cancellation).ConfigureAwait(false);
            metrics.Expired(gone);
            total += gone;
        }
        while (gone == _options.BatchSize);
        return total;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.JanitorInterval, time);
        do
        {
            try
            {
                if (await SweepAsync(stoppingToken).ConfigureAwait(false) is > 0 and var gone) LogDestroyed(gone);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    private async Task<int> DeleteBatchAsync(CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand("""
            DELETE FROM payments.card_vault WHERE payment = ANY (ARRAY(
                SELECT payment FROM payments.card_vault WHERE destroy_after < $1 ORDER BY destroy_after LIMIT $2 FOR UPDATE SKIP LOCKED))
            """);
        command.Parameters.Add(new() { Value = time.GetUtcNow().UtcDateTime });
        command.Parameters.Add(new() { Value = _options.BatchSize });
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    [LoggerMessage(1, LogLevel.Information, "Destroyed {Cards} cards whose time was up")]
    private partial void LogDestroyed(int cards);

    [LoggerMessage(2, LogLevel.Warning, "Cards whose time is up could not be looked for; it is tried again")]
    private partial void LogFailed(Exception exception);
}
