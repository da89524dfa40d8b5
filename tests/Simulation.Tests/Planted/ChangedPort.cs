using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Simulation.World;

namespace OrleansPayments.Simulation.Planted;

/// <summary>A provider's port of which one call is to be changed.</summary>
internal abstract class ChangedPort(ProviderPort port) : IPaymentProvider
{
    public string Name => port.Name;

    public TimeSpan ReplayWindow => port.ReplayWindow;

    public Refusal? CheckCredentials(ConnectorCredentials credentials) => port.CheckCredentials(credentials);

    public virtual Task<ChargeResult> Charge(ConnectorAccess access, ChargeRequest request, CancellationToken cancellationToken) =>
        port.Charge(access, request, cancellationToken);

    public Task<ChargeResult> FindCharge(ConnectorAccess access, ChargeInquiry inquiry, CancellationToken cancellationToken) =>
        port.FindCharge(access, inquiry, cancellationToken);

    public Task<ChargeInspection> Inspect(ConnectorAccess access, string connectorReference, CancellationToken cancellationToken) =>
        port.Inspect(access, connectorReference, cancellationToken);

    public Task<OperationResult> Capture(ConnectorAccess access, CaptureRequest request, CancellationToken cancellationToken) =>
        port.Capture(access, request, cancellationToken);

    public virtual Task<OperationResult> Cancel(ConnectorAccess access, CancelRequest request, CancellationToken cancellationToken) =>
        port.Cancel(access, request, cancellationToken);

    public Task<RefundResult> Refund(ConnectorAccess access, RefundRequest request, CancellationToken cancellationToken) =>
        port.Refund(access, request, cancellationToken);

    public Task<RefundResult> FindRefund(ConnectorAccess access, RefundInquiry inquiry, CancellationToken cancellationToken) =>
        port.FindRefund(access, inquiry, cancellationToken);

    public CallbackReading ReadCallback(ConnectorAccess access, CallbackRequest request) => port.ReadCallback(access, request);
}
