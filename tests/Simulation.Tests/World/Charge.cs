using OrleansPayments.Grains.Connectors;
using OrleansPayments.Payments;

namespace OrleansPayments.Simulation.World;

/// <summary>A charge as a provider keeps it.</summary>
internal sealed class Charge(string id, ChargeRequest request, TimeSpan searchableFrom, CardFate fate)
{
    public string Id => id;

    public AttemptReference Reference => request.Reference;

    public Money Amount => request.Amount;

    /// <summary>When a search begins to show it, in virtual time.</summary>
    public TimeSpan SearchableFrom => searchableFrom;

    public CardFate Fate { get; private set; } = fate;

    /// <summary>What was captured after the approval.</summary>
    public Money CapturedLater { get; private set; } = Money.Zero(request.Amount.Currency);

    /// <summary>What was not captured is free again.</summary>
    public bool IsReleased { get; private set; }

    /// <summary>Whether money was taken or held, or still may be.</summary>
    public bool HasEffect => Fate is CardFate.Approved or CardFate.ApprovedLater;

    /// <summary>Whether it was approved, and waits for captures.</summary>
    public bool IsManual => request.CaptureMethod != CaptureMethod.Automatic;

    /// <summary>What has been taken.</summary>
    public Money Captured => IsManual || Fate != CardFate.Approved ? CapturedLater : Amount;

    /// <summary>The provider has made up its mind.</summary>
    public void Settle() => Fate = Fate == CardFate.ApprovedLater ? CardFate.Approved : CardFate.Declined;

    /// <summary>Takes some of what is held; false when it is not there.</summary>
    public bool TryCapture(Money amount, bool isFinal)
    {
        if (!IsManual || Fate != CardFate.Approved || IsReleased || (CapturedLater + amount).MinorUnits > Amount.MinorUnits) return false;
        CapturedLater += amount;
        IsReleased = isFinal;
        return true;
    }

    /// <summary>Frees what is held; false when it is not there or some was taken.</summary>
    public bool TryRelease()
    {
        if (!IsManual || Fate != CardFate.Approved || IsReleased || CapturedLater.MinorUnits > 0) return false;
        IsReleased = true;
        return true;
    }
}

/// <summary>What a charge of a card comes to; the last digit of a card's number.</summary>
internal enum CardFate
{
    Approved,
    Declined,
    ApprovedLater,
    DeclinedLater,
}
