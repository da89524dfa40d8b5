using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary>Bounds how many payments are being worked on at once; beyond it callers hear so at once instead of waiting in a queue. Only payments of a batch wait.</summary>
internal sealed class PaymentAdmission(IOptions<ApiOptions> options, TimeProvider time) : IDisposable
{
    private readonly TimeSpan _patience = TimeSpan.FromMilliseconds(options.Value.BatchWaitMs);

    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = options.Value.MaxPaymentsInFlight,

        // As many wait at most as are worked on. Who does not wait does not overtake those who do.
        QueueLimit = options.Value.MaxPaymentsInFlight,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    public static Problem Full { get; } = ProblemCatalogue.Overloaded.With("Too many payments are being worked on at once.");

    /// <summary>How many payments of batches wait for a place.</summary>
    public long Waiting => _limiter.GetStatistics()?.CurrentQueuedCount ?? 0;

    /// <summary>Disposed when the payment has been answered.</summary>
    public RateLimitLease Enter() => _limiter.AttemptAcquire();

    /// <summary>As <see cref="Enter"/>, but waits for a place; null when none becomes free in time.</summary>
    public async ValueTask<RateLimitLease?> WaitAsync()
    {
        using var patience = new CancellationTokenSource(_patience, time);
        try
        {
            return await _limiter.AcquireAsync(cancellationToken: patience.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    public void Dispose() => _limiter.Dispose();
}
