using OrleansPayments.Grains.Connectors;

namespace OrleansPayments.Simulation.World;

/// <summary>A charge as a provider keeps it.</summary>
internal sealed class Charge(string id, AttemptReference reference, Money amount, TimeSpan searchableFrom, CardFate fate)
{
    public string Id => id;

    public AttemptReference Reference => reference;

    public Money Amount => amount;

    /// <summary>When a search begins to show it, in virtual time.</summary>
    public TimeSpan SearchableFrom => searchableFrom;

    public CardFate Fate { get; private set; } = fate;

    /// <summary>Whether money was taken, or still may be.</summary>
    public bool TakesMoney => Fate is CardFate.Approved or CardFate.ApprovedLater;

    /// <summary>The provider has made up its mind.</summary>
    public void Settle() => Fate = Fate == CardFate.ApprovedLater ? CardFate.Approved : CardFate.Declined;
}

/// <summary>What a charge of a card comes to; the last digit of a card's number.</summary>
internal enum CardFate
{
    Approved,
    Declined,
    ApprovedLater,
    DeclinedLater,
}
