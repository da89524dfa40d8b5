using Microsoft.Extensions.Options;

namespace OrleansPayments.Silo.Sweeping;

/// <summary>
/// Wakes the payments that have something to do by themselves and which nobody has in memory: after a crash, and whatever else made an activation end. To be in
/// memory is all that such a payment needs, because it then asks its connector, or expires, by itself. Waking one that is awake changes nothing.
/// </summary>
internal sealed partial class OpenPaymentSweeper(
    IDuePayments payments, IGrainFactory grains, IOptions<SweeperOptions> options, TimeProvider time, ILogger<OpenPaymentSweeper> logger) : BackgroundService
{
    private static readonly TimeSpan BetweenPages = TimeSpan.FromSeconds(1);

    private readonly SweeperOptions _options = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.Interval, time);
        var full = true;
        var looks = 0;
        do
        {
            // A look at everything that failed is made up for by the next.
            if (await TrySweepAsync(full, stoppingToken)) full = false;
            if (++looks % _options.FullEvery == 0) full = true;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<bool> TrySweepAsync(bool full, CancellationToken stopping)
    {
        try
        {
            await SweepAsync(full ? DateTimeOffset.MinValue : time.GetUtcNow() - _options.Recent, stopping);
            return true;
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            LogSweepFailed(e);
            return false;
        }
    }

    private async Task SweepAsync(DateTimeOffset from, CancellationToken stopping)
    {
        var (due, id) = (from, "");
        var before = time.GetUtcNow() - _options.MinAge;
        while (await payments.ReadAsync(due, id, before, _options.PageSize, stopping) is { Count: > 0 } page)
        {
            foreach (var payment in page) await WakeAsync(payment.Id, stopping);
            LogWoken(page.Count);
            if (page.Count < _options.PageSize) return;

            (due, id) = (page[^1].DueAt, page[^1].Id.Value);
            await Task.Delay(BetweenPages, time, stopping);
        }
    }

    private async Task WakeAsync(PaymentId payment, CancellationToken stopping)
    {
        try
        {
            await grains.Payment(payment).Get();
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            // The others must not wait for it; the next look finds it again.
            LogNotWoken(e, payment);
        }
    }

    [LoggerMessage(1, LogLevel.Debug, "Woke {Payments} open payments")]
    private partial void LogWoken(int payments);

    [LoggerMessage(2, LogLevel.Warning, "Payment {Payment} could not be woken; it is tried again")]
    private partial void LogNotWoken(Exception exception, PaymentId payment);

    [LoggerMessage(3, LogLevel.Warning, "Open payments could not be looked for; it is tried again")]
    private partial void LogSweepFailed(Exception exception);
}
