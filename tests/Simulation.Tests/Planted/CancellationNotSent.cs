using OrleansPayments.Grains.Connectors;
using OrleansPayments.Simulation.World;

namespace OrleansPayments.Simulation.Planted;

/// <summary>What was cancelled, or expired, is given up without a word to the provider.</summary>
internal sealed class CancellationNotSent() : PlantedBug("cancellation-not-sent")
{
    public override IEnumerable<IPaymentProvider> Wrap(IReadOnlyList<ProviderPort> ports) => ports.Select(port => new Silent(port));

    private sealed class Silent(ProviderPort port) : ChangedPort(port)
    {
        public override Task<OperationResult> Cancel(ConnectorAccess access, CancelRequest request, CancellationToken cancellationToken) =>
            Task.FromResult<OperationResult>(new OperationResult.Done(Money.Zero(request.Amount.Currency)));
    }
}
