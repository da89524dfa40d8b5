using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Shared.Security;
using OrleansPayments.Payments;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary>Payments on the wire. Where a payer has to go rests encrypted and is opened here, for who may read the payment.</summary>
internal sealed class PaymentBodies(ISecretSealer sealer)
{
    public PaymentBody Of(PaymentView view) =>
        PaymentBody.Of(view, view.NextAction is { } action ? new NextActionBody(action.Type, SealedAction.Open(sealer, view.Id, action)) : null);
}
