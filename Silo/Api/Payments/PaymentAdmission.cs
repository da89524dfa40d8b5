using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary>
/// Bounds how many payments are being worked on at once; beyond it callers hear so at once instead of waiting in a queue. Only payments of a batch wait, and have a
/// quarter of the places at most, so that a few large batches do not turn everybody else away.
/// </summary>
internal sealed class PaymentAdmission(IOptions<ApiOptions> options, TimeProvider time) : IDisposable
{
    private readonly TimeSpan _patience = TimeSpan.FromMilliseconds(options.Value.BatchWaitMs);

    private readonly ConcurrencyLimiter _all = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = options.Value.MaxPaymentsInFlight,
        QueueLimit = OfBatches(options.Value),

        // A place that is free goes to who does not wait, though others do.
        QueueProcessingOrder = QueueProcessingOrder.NewestFirst,
    });

    private readonly ConcurrencyLimiter _ofBatches = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = OfBatches(options.Value),
        QueueLimit = options.Value.MaxPaymentsInFlight,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    public static Problem Full { get; } = ProblemCatalogue.Overloaded.With("Too many payments are being worked on at once.");

    /// <summary>How many payments of batches wait for a place.</summary>
    public long Waiting => (_all.GetStatistics()?.CurrentQueuedCount ?? 0) + (_ofBatches.GetStatistics()?.CurrentQueuedCount ?? 0);

    /// <summary>Disposed when the payment has been answered.</summary>
    public RateLimitLease Enter() => _all.AttemptAcquire();

    /// <summary>For a payment of a batch: waits for a place; null when none becomes free in time.</summary>
    public async ValueTask<IDisposable?> WaitAsync()
    {
        using var patience = new CancellationTokenSource(_patience, time);
        RateLimitLease? ofBatches = null;
        try
        {
            ofBatches = await _ofBatches.AcquireAsync(cancellationToken: patience.Token);
            if (ofBatches.IsAcquired && await _all.AcquireAsync(cancellationToken: patience.Token) is { IsAcquired: true } place) return new Place(ofBatches, place);
        }
        catch (OperationCanceledException)
        {
            // None became free.
        }

        ofBatches?.Dispose();
        return null;
    }

    public void Dispose()
    {
        _all.Dispose();
        _ofBatches.Dispose();
    }

    private static int OfBatches(ApiOptions options) => Math.Max(1, options.MaxPaymentsInFlight / 4);

    private sealed class Place(RateLimitLease ofBatches, RateLimitLease ofAll) : IDisposable
    {
        public void Dispose()
        {
            ofAll.Dispose();
            ofBatches.Dispose();
        }
    }
}
