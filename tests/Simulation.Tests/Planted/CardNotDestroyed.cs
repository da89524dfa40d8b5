using OrleansPayments.Grains.Payments;
using OrleansPayments.Payments;

namespace OrleansPayments.Simulation.Planted;

/// <summary>A card outlives its payment.</summary>
internal sealed class CardNotDestroyed() : PlantedBug("card-not-destroyed")
{
    public override ICardVault Wrap(ICardVault vault) => new Keeping(vault);

    private sealed class Keeping(ICardVault vault) : ICardVault
    {
        public Task Store(PaymentId payment, CardDetails card, DateTimeOffset destroyAfter) => vault.Store(payment, card, destroyAfter);

        public Task<CardDetails?> Open(PaymentId payment) => vault.Open(payment);

        public Task Destroy(PaymentId payment) => Task.CompletedTask;
    }
}
