using System.Collections.Concurrent;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;

namespace OrleansPayments.Benchmarks;

/// <summary>A provider without a network: it approves after one turn of the scheduler (<c>Task.Yield</c>), and knows what it charged.</summary>
internal sealed class InMemoryProvider : IPaymentProvider
{
    public const string ProviderName = "bench";

    /// <summary>As long as the ids of a real provider.</summary>
    public const int ReferenceLength = 24;

    private readonly ConcurrentDictionary<string, int> _charges = new(StringComparer.Ordinal);

    public string Name => ProviderName;

    public TimeSpan ReplayWindow => TimeSpan.FromHours(1);

    /// <summary>By payment, how often it was charged.</summary>
    public IReadOnlyDictionary<string, int> Charges => _charges;

    public Refusal? CheckCredentials(ConnectorCredentials credentials) => null;

    public async Task<ChargeResult> Charge(ConnectorAccess access, ChargeRequest request, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var payment = request.PaymentId.Value;
        _charges.AddOrUpdate(payment, 1, static (_, times) => times + 1);
        return new ChargeResult.Approved(string.Concat("pi_", payment.AsSpan(PaymentId.Prefix.Length, ReferenceLength)), request.Amount);
    }

    public Task<ChargeResult> FindCharge(ConnectorAccess access, ChargeInquiry inquiry, CancellationToken cancellationToken) =>
        Task.FromResult<ChargeResult>(new ChargeResult.NotFound());

    public Task<ChargeInspection> Inspect(ConnectorAccess access, string connectorReference, CancellationToken cancellationToken) =>
        Task.FromResult(new ChargeInspection(Charge: null));

    public Task<OperationResult> Capture(ConnectorAccess access, CaptureRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<OperationResult>(new OperationResult.Done(request.CapturedBefore + request.Amount));

    public Task<OperationResult> Cancel(ConnectorAccess access, CancelRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<OperationResult>(new OperationResult.Done(Money.Zero(request.Amount.Currency)));

    public Task<RefundResult> Refund(ConnectorAccess access, RefundRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RefundResult> FindRefund(ConnectorAccess access, RefundInquiry inquiry, CancellationToken cancellationToken) => throw new NotSupportedException();

    public CallbackReading ReadCallback(ConnectorAccess access, CallbackRequest request) => new CallbackReading.Refused("not_supported");
}
