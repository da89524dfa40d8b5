using System.Collections.Immutable;

namespace OrleansPayments.Silo.Api.Health;

/// <summary>Asks every check, all at once and none longer than two seconds.</summary>
internal sealed partial class Readiness(IEnumerable<IReadinessCheck> checks, TimeProvider time, ILogger<Readiness> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ImmutableArray<IReadinessCheck> _checks = [.. checks];

    public async Task<ImmutableArray<NotReadyReason>> ReasonsAsync()
    {
        using var patience = new CancellationTokenSource(Patience, time);
        var reasons = await Task.WhenAll(_checks.Select(check => AskAsync(check, patience.Token)));
        return [.. reasons.OfType<NotReadyReason>()];
    }

    private async Task<NotReadyReason?> AskAsync(IReadinessCheck check, CancellationToken patience)
    {
        try
        {
            var reason = await check.WhyNotReadyAsync(patience).AsTask().WaitAsync(patience);
            return reason is null ? null : new NotReadyReason(check.Name, reason);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return new NotReadyReason(check.Name, "The check did not answer in time.");
        }
#pragma warning disable CA1031 // Whatever a check throws, the answer is that the silo is not ready.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogCheckFailed(check.Name, e);
            return new NotReadyReason(check.Name, "The check failed.");
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Readiness check {Check} failed")]
    private partial void LogCheckFailed(string check, Exception exception);
}
