using OrleansPayments.Grains.Connectors;
using OrleansPayments.Payments;

namespace OrleansPayments.Simulation.World;

/// <summary>A charge as a provider keeps it.</summary>
internal sealed class Charge(string id, ChargeRequest request, TimeSpan searchableFrom, CardFate fate)
{
    private Stage _stage = fate switch
    {
        CardFate.Approved => Stage.Approved,
        CardFate.Declined or CardFate.DeclinedForNow => Stage.Declined,
        CardFate.ApprovedLater or CardFate.DeclinedLater => Stage.Deciding,

        // A payer who has no way back cannot be sent anywhere.
        _ => request.ReturnUrl is null ? Stage.Declined : Stage.Waiting,
    };

    private enum Stage
    {
        Deciding,
        Waiting,
        Approved,
        Declined,
        Cancelled,
    }

    public string Id => id;

    public AttemptReference Reference => request.Reference;

    public Money Amount => request.Amount;

    public CardFate Fate => fate;

    /// <summary>When a search begins to show it, in virtual time.</summary>
    public TimeSpan SearchableFrom => searchableFrom;

    /// <summary>What has been taken.</summary>
    public Money Captured { get; private set; } =
        request.CaptureMethod == CaptureMethod.Automatic && fate == CardFate.Approved ? request.Amount : Money.Zero(request.Amount.Currency);

    /// <summary>What was not captured is free again.</summary>
    public bool IsReleased { get; private set; }

    /// <summary>A person gave the money back after the payment had ended without it.</summary>
    public bool IsGivenBack { get; private set; }

    /// <summary>Something of it happened later than the provider promises, or after a person had said that it did not.</summary>
    public bool IsExcused { get; set; }

    /// <summary>Whether it waits for captures.</summary>
    public bool IsManual => request.CaptureMethod != CaptureMethod.Automatic;

    /// <summary>Whether money was taken or held, be it for a while.</summary>
    public bool WasApproved => _stage == Stage.Approved;

    /// <summary>Whether money is taken or held now.</summary>
    public bool HasFunds => WasApproved && !IsGivenBack && (Captured.MinorUnits > 0 || !IsReleased);

    /// <summary>Whether money may still be taken or held.</summary>
    public bool IsOpen => _stage is Stage.Deciding or Stage.Waiting;

    /// <summary>Counts its changes, the creation included.</summary>
    public int Changes { get; set; } = 1;

    /// <summary>The last of the changes that the payment acknowledged a notice of.</summary>
    public int Told { get; set; }

    public ChargeStatus Status => _stage switch
    {
        Stage.Deciding => ChargeStatus.Pending,
        Stage.Waiting => ChargeStatus.ActionRequired,
        Stage.Declined => ChargeStatus.Declined,
        Stage.Cancelled => ChargeStatus.Cancelled,
        _ when Captured.MinorUnits == 0 && IsReleased => ChargeStatus.Cancelled,
        _ when IsManual && !IsReleased => ChargeStatus.Authorized,
        _ => ChargeStatus.Captured,
    };

    /// <summary>The provider has made up its mind.</summary>
    public void Settle() => Decide(fate is CardFate.ApprovedLater or CardFate.Authenticated or CardFate.AuthenticatedLate);

    /// <summary>The payer has come to the provider's page; false when nothing is waited for there.</summary>
    /// <param name="isDecidedLater">The provider takes its time.</param>
    public bool TryAct(bool isDecidedLater)
    {
        if (_stage != Stage.Waiting) return false;
        _stage = Stage.Deciding;
        if (!isDecidedLater) Settle();
        return true;
    }

    /// <summary>Takes some of what is held; false when it is not there.</summary>
    public bool TryCapture(Money amount, bool isFinal)
    {
        if (!IsManual || !WasApproved || IsReleased || (Captured + amount).MinorUnits > Amount.MinorUnits) return false;
        Captured += amount;
        IsReleased = isFinal;
        return true;
    }

    /// <summary>Frees what is held, or gives up what the payer has not acted on or was declined; false when it is none of these, or some was taken.</summary>
    public bool TryCancel()
    {
        if (_stage is Stage.Waiting or Stage.Declined)
        {
            _stage = Stage.Cancelled;
            return true;
        }

        if (!IsManual || !WasApproved || IsReleased || Captured.MinorUnits > 0) return false;
        IsReleased = true;
        return true;
    }

    /// <summary>The provider lets go of what is still held, by itself; false when there is nothing.</summary>
    public bool TryLetGo()
    {
        if (!IsManual || !WasApproved || IsReleased) return false;
        IsReleased = true;
        return true;
    }

    /// <summary>Somebody pays a declined charge with another card, which no payment of ours asked for; false when it is not open for that.</summary>
    public bool TryPayAfterAll()
    {
        if (_stage != Stage.Declined) return false;
        IsExcused = true;
        Decide(approved: true);
        return true;
    }

    public void GiveBack() => IsGivenBack = true;

    private void Decide(bool approved)
    {
        _stage = approved ? Stage.Approved : Stage.Declined;
        if (approved && !IsManual) Captured = Amount;
    }
}
