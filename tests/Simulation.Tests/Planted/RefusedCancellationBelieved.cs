using OrleansPayments.Grains.Connectors;
using OrleansPayments.Simulation.World;

namespace OrleansPayments.Simulation.Planted;

/// <summary>A cancellation counts as done although the provider refused it.</summary>
internal sealed class RefusedCancellationBelieved() : PlantedBug("refused-cancellation-believed")
{
    public override IEnumerable<IPaymentProvider> Wrap(IReadOnlyList<ProviderPort> ports) => ports.Select(port => new Believing(port));

    private sealed class Believing(ProviderPort port) : ChangedPort(port)
    {
        public override async Task<OperationResult> Cancel(ConnectorAccess access, CancelRequest request, CancellationToken cancellationToken)
        {
            var result = await base.Cancel(access, request, cancellationToken);
            return result is OperationResult.Refused ? new OperationResult.Done(Money.Zero(request.Amount.Currency)) : result;
        }
    }
}
