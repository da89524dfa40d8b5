using OrleansPayments.Grains.Connectors;
using OrleansPayments.Simulation.World;

namespace OrleansPayments.Simulation.Planted;

/// <summary>The next attempt goes out under the reference of the first.</summary>
internal sealed class ReferenceReused() : PlantedBug("reference-reused")
{
    public override IEnumerable<IPaymentProvider> Wrap(IReadOnlyList<ProviderPort> ports) => ports.Select(port => new Reusing(port));

    private sealed class Reusing(ProviderPort port) : ChangedPort(port)
    {
        public override Task<ChargeResult> Charge(ConnectorAccess access, ChargeRequest request, CancellationToken cancellationToken) => base.Charge(
            access,
            new ChargeRequest
            {
                PaymentId = request.PaymentId,
                MerchantId = request.MerchantId,
                Reference = request.Reference with { Attempt = 1 },
                Amount = request.Amount,
                Card = request.Card,
                CaptureMethod = request.CaptureMethod,
                ReturnUrl = request.ReturnUrl,
            },
            cancellationToken);
    }
}
