namespace OrleansPayments.Grains.Payments;

/// <summary>What moves a payment from one status to another.</summary>
internal enum PaymentTrigger
{
    /// <summary>An attempt is about to be sent.</summary>
    AttemptStarted,

    /// <summary>The connector took the money.</summary>
    Approved,

    /// <summary>The connector or the issuer refused.</summary>
    Declined,

    /// <summary>No success for any other definite reason.</summary>
    Failed,

    /// <summary>The outcome of the attempt or operation is not known.</summary>
    OutcomeUnknown,

    /// <summary>The attempt took nothing, and the next one begins at another connector.</summary>
    PassedOn,

    /// <summary>The connector holds the money for a later capture.</summary>
    Authorized,

    /// <summary>A capture or cancellation is about to be sent.</summary>
    OperationStarted,

    /// <summary>A capture took the last of the funds.</summary>
    CapturedInFull,

    /// <summary>A capture took less than the whole.</summary>
    CapturedInPart,

    /// <summary>The funds were released.</summary>
    Released,

    /// <summary>An operation was not done, and nothing has been captured.</summary>
    BackToAuthorized,

    /// <summary>An operation was not done, and some has been captured before.</summary>
    BackToPartiallyCaptured,

    /// <summary>The payer must act before the connector goes on.</summary>
    ActionRequired,

    /// <summary>The time to confirm, or for the payer to act, is over.</summary>
    Expired,
}
