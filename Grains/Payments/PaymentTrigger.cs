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

    /// <summary>The outcome of the attempt is not known.</summary>
    OutcomeUnknown,
}
