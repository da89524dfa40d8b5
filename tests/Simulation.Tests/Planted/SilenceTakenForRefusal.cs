using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Payments;
using OrleansPayments.Simulation.World;

namespace OrleansPayments.Simulation.Planted;

/// <summary>An attempt without an outcome counts as one that never left, and the payment itself passes it on.</summary>
internal sealed class SilenceTakenForRefusal() : PlantedBug("silence-taken-for-refusal")
{
    public override IEnumerable<IPaymentProvider> Wrap(IReadOnlyList<ProviderPort> ports) => ports.Select(port => new Mistaking(port));

    private sealed class Mistaking(ProviderPort port) : ChangedPort(port)
    {
        public override async Task<ChargeResult> Charge(ConnectorAccess access, ChargeRequest request, CancellationToken cancellationToken) =>
            await base.Charge(access, request, cancellationToken) is var result and not ChargeResult.Unknown { Reason: "timeout" } ? result : new ChargeResult.NotSent("timeout");
    }
}

/// <summary>A server error counts as a refusal of the request.</summary>
internal sealed class ServerErrorTakenForRefusal() : PlantedBug("server-error-taken-for-refusal")
{
    private static readonly PaymentError Refused = new("connector_refused_request", "Refused.", null, RetryAdvice.DoNotRetry);

    public override IEnumerable<IPaymentProvider> Wrap(IReadOnlyList<ProviderPort> ports) => ports.Select(port => new Mistaking(port));

    private sealed class Mistaking(ProviderPort port) : ChangedPort(port)
    {
        public override async Task<ChargeResult> Charge(ConnectorAccess access, ChargeRequest request, CancellationToken cancellationToken) =>
            await base.Charge(access, request, cancellationToken) is var result and not ChargeResult.Unknown { Reason: "server_error" } ? result : new ChargeResult.Rejected(Refused);
    }
}

/// <summary>A decline that is the card's own counts as one that another connector may not have.</summary>
internal sealed class HardDeclineTakenForSoft() : PlantedBug("hard-decline-taken-for-soft")
{
    private static readonly PaymentError Soft = new("processing_error", "Not now.", "processing_error", RetryAdvice.RetryLater);

    public override IEnumerable<IPaymentProvider> Wrap(IReadOnlyList<ProviderPort> ports) => ports.Select(port => new Mistaking(port));

    private sealed class Mistaking(ProviderPort port) : ChangedPort(port)
    {
        public override async Task<ChargeResult> Charge(ConnectorAccess access, ChargeRequest request, CancellationToken cancellationToken)
        {
            var result = await base.Charge(access, request, cancellationToken);
            return result is ChargeResult.Declined declined ? declined with { Error = Soft } : result;
        }
    }
}
