using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary>Bounds how many payments are being worked on at once; beyond it callers hear so at once instead of waiting in a queue.</summary>
internal sealed class PaymentAdmission(IOptions<ApiOptions> options) : IDisposable
{
    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = options.Value.MaxPaymentsInFlight,
        QueueLimit = 0,
    });

    public static Problem Full { get; } = ProblemCatalogue.Overloaded.With("Too many payments are being worked on at once.");

    /// <summary>Disposed when the payment has been answered.</summary>
    public RateLimitLease Enter() => _limiter.AttemptAcquire();

    public void Dispose() => _limiter.Dispose();
}
