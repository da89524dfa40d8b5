using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;

namespace OrleansPayments.Silo.Api.Tests.Support;

/// <summary>A provider that wants a <c>secret_key</c> and never sends anything.</summary>
public sealed class FakeProvider : IPaymentProvider
{
    public string Name => "stripe";

    public TimeSpan ReplayWindow => TimeSpan.Zero;

    public Refusal? CheckCredentials(ConnectorCredentials credentials) => credentials.Values.ContainsKey("secret_key")
        ? null
        : new Refusal(RefusalCode.InvalidCredentials, "The secret_key is missing.", "/credentials/secret_key");

    public Task<ChargeResult> Charge(ConnectorAccess access, ChargeRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<OperationResult> Capture(ConnectorAccess access, CaptureRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<OperationResult> Cancel(ConnectorAccess access, CancelRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<ChargeResult> FindCharge(ConnectorAccess access, ChargeInquiry inquiry, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<ChargeInspection> Inspect(ConnectorAccess access, string connectorReference, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<RefundResult> Refund(ConnectorAccess access, RefundRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<RefundResult> FindRefund(ConnectorAccess access, RefundInquiry inquiry, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>What it makes of the callbacks that come.</summary>
    public Func<ConnectorAccess, CallbackRequest, CallbackReading> OnCallback { get; set; } = (_, _) => new CallbackReading.Refused("signature_missing");

    public CallbackReading ReadCallback(ConnectorAccess access, CallbackRequest request) => OnCallback(access, request);
}
