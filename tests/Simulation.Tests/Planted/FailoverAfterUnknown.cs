using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Simulation.World;

namespace OrleansPayments.Simulation.Planted;

/// <summary>Silence is taken for a refusal: the charge goes to the other provider.</summary>
internal sealed class FailoverAfterUnknown() : PlantedBug("failover-after-unknown")
{
    public override IEnumerable<IPaymentProvider> Wrap(IReadOnlyList<ProviderPort> ports) =>
        ports.Select((port, index) => new FailingOver(port, ports[(index + 1) % ports.Count]));

    private sealed class FailingOver(ProviderPort first, ProviderPort second) : IPaymentProvider
    {
        public string Name => first.Name;

        public TimeSpan ReplayWindow => first.ReplayWindow;

        public Refusal? CheckCredentials(ConnectorCredentials credentials) => first.CheckCredentials(credentials);

        public async Task<ChargeResult> Charge(ConnectorAccess access, ChargeRequest request, CancellationToken cancellationToken)
        {
            var result = await first.Charge(access, request, cancellationToken);
            return result is ChargeResult.Unknown ? await second.Charge(access, request, CancellationToken.None) : result;
        }

        public Task<ChargeResult> FindCharge(ConnectorAccess access, ChargeInquiry inquiry, CancellationToken cancellationToken) =>
            first.FindCharge(access, inquiry, cancellationToken);

        public Task<OperationResult> Capture(ConnectorAccess access, CaptureRequest request, CancellationToken cancellationToken) =>
            first.Capture(access, request, cancellationToken);

        public Task<OperationResult> Cancel(ConnectorAccess access, CancelRequest request, CancellationToken cancellationToken) =>
            first.Cancel(access, request, cancellationToken);

        public Task<RefundResult> Refund(ConnectorAccess access, RefundRequest request, CancellationToken cancellationToken) =>
            first.Refund(access, request, cancellationToken);

        public Task<RefundResult> FindRefund(ConnectorAccess access, RefundInquiry inquiry, CancellationToken cancellationToken) =>
            first.FindRefund(access, inquiry, cancellationToken);

        public CallbackReading ReadCallback(ConnectorAccess access, CallbackRequest request) => first.ReadCallback(access, request);
    }
}
