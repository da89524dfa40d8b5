using Orleans.Simulation;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Payments;

namespace OrleansPayments.Simulation.World;

/// <summary>The vault, which outlives the silos.</summary>
internal sealed class CardStore(SimulationLoop loop, SeededRandom random, FaultPlan faults, Action<string> fail)
{
    /// <summary>The longest time that a call to it takes.</summary>
    public static readonly TimeSpan LongestLatency = TimeSpan.FromSeconds(8);

    private readonly Dictionary<PaymentId, Kept> _cards = [];
    private readonly HashSet<PaymentId> _notDestroyed = [];

    private bool Faulty => loop.Elapsed < faults.QuietAfter;

    /// <summary>Whether the card is kept, and nothing but the vault's own time limit is to be blamed: a destruction was asked for and failed.</summary>
    public bool Keeps(PaymentId payment, out bool wasRefused)
    {
        wasRefused = _notDestroyed.Contains(payment);
        return _cards.TryGetValue(payment, out var kept) && kept.DestroyAfter > SimulationLoop.Epoch + loop.Elapsed;
    }

    /// <summary>When the vault destroys a card by itself; null when it has none.</summary>
    public DateTimeOffset? LimitOf(PaymentId payment) => _cards.TryGetValue(payment, out var kept) ? kept.DestroyAfter : null;

    /// <summary>A silo's connection to it.</summary>
    public ICardVault Open(SimulatedProcess silo) => new Session(this, silo);

    private sealed record Kept(CardDetails Card, DateTimeOffset DestroyAfter);

    private sealed class Session(CardStore store, SimulatedProcess silo) : ICardVault
    {
        public Task Store(PaymentId payment, CardDetails card, DateTimeOffset destroyAfter) => Do(() =>
        {
            store.CheckCard(payment, card);
            store._cards[payment] = new Kept(card, destroyAfter);
            return true;
        });

        public Task<CardDetails?> Open(PaymentId payment) => Do(() => store.Keeps(payment, out _) ? store._cards[payment].Card : null);

        public Task Destroy(PaymentId payment) => Do(
            () =>
            {
                store._cards.Remove(payment);
                return true;
            },
            () => store._notDestroyed.Add(payment));

        private Task<T> Do<T>(Func<T> effect, Action? onRefusal = null)
        {
            var answer = new TaskCompletionSource<T>();
            var (refused, latency) = store.Draw();
            silo.After(latency, () =>
            {
                if (refused)
                {
                    onRefusal?.Invoke();
                    answer.SetException(new JournalUnavailableException("The vault is unavailable."));
                }
                else
                {
                    answer.SetResult(effect());
                }
            });
            return answer.Task;
        }
    }

    private (bool Refused, TimeSpan Latency) Draw()
    {
        var refused = Faulty && random.Chance(faults.VaultRefused);
        var isSlow = Faulty && random.Chance(faults.VaultSlow);
        return (refused, isSlow ? random.Between(TimeSpan.FromSeconds(1), LongestLatency) : random.Between(TimeSpan.FromMicroseconds(200), TimeSpan.FromMilliseconds(8)));
    }

    private void CheckCard(PaymentId payment, CardDetails card)
    {
        if (card.SecurityCode is not null) fail($"the vault was given the security code of the card of {payment}");
    }
}
