using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary>Bounds how many payments are being created at once; beyond it callers hear so at once instead of waiting in a queue.</summary>
internal sealed class PaymentAdmission(IOptions<ApiOptions> options) : IDisposable
{
    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = options.Value.MaxPaymentsInFlight,
        QueueLimit = 0,
    });

    /// <summary>Disposed when the payment has been answered.</summary>
    public RateLimitLease Enter() => _limiter.AttemptAcquire();

    public void Dispose() => _limiter.Dispose();
}
