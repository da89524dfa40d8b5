using OrleansPayments.Grains.Payments;
using OrleansPayments.Payments;

namespace OrleansPayments.Simulation.World;

/// <summary>The vault, which outlives the silos.</summary>
internal sealed class CardStore : ICardVault
{
    private readonly Dictionary<PaymentId, CardDetails> _cards = [];

    /// <summary>The payments whose cards are kept.</summary>
    public IReadOnlyCollection<PaymentId> Kept => _cards.Keys;

    public Task Store(PaymentId payment, CardDetails card, DateTimeOffset destroyAfter)
    {
        _cards[payment] = new CardDetails(card.Number, card.ExpiryMonth, card.ExpiryYear, securityCode: null, card.HolderName);
        return Task.CompletedTask;
    }

    public Task<CardDetails?> Open(PaymentId payment) => Task.FromResult(_cards.GetValueOrDefault(payment));

    public Task Destroy(PaymentId payment)
    {
        _cards.Remove(payment);
        return Task.CompletedTask;
    }
}
