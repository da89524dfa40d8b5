using OrleansPayments.Grains.Connectors;
using OrleansPayments.Simulation.World;

namespace OrleansPayments.Simulation.Planted;

/// <summary>Silence is taken for a refusal: the charge goes to the other provider.</summary>
internal sealed class FailoverAfterUnknown() : PlantedBug("failover-after-unknown")
{
    public override IEnumerable<IPaymentProvider> Wrap(IReadOnlyList<ProviderPort> ports) =>
        ports.Select((port, index) => new FailingOver(port, ports[(index + 1) % ports.Count]));

    private sealed class FailingOver(ProviderPort first, ProviderPort second) : ChangedPort(first)
    {
        public override async Task<ChargeResult> Charge(ConnectorAccess access, ChargeRequest request, CancellationToken cancellationToken)
        {
            var result = await base.Charge(access, request, cancellationToken);
            return result is ChargeResult.Unknown ? await second.Charge(access, request, CancellationToken.None) : result;
        }
    }
}
