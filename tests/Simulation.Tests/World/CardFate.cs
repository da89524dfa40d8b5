namespace OrleansPayments.Simulation.World;

/// <summary>What a charge of a card comes to; the last digit of a card's number.</summary>
internal enum CardFate
{
    Approved,
    Declined,
    ApprovedLater,
    DeclinedLater,

    /// <summary>The payer must act, does, and it is approved.</summary>
    Authenticated,

    /// <summary>The payer must act, does, and fails.</summary>
    AuthenticationFailed,

    /// <summary>The payer must act and never comes back.</summary>
    Abandoned,

    /// <summary>The payer must act and comes back when its time is over.</summary>
    AuthenticatedLate,

    /// <summary>Not the card's: this provider could not reach the issuer, and another may.</summary>
    DeclinedForNow,
}
