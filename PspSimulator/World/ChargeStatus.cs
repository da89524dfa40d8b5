namespace OrleansPayments.PspSimulator.World;

/// <summary>Where the money of a charge stands.</summary>
internal enum ChargeStatus
{
    /// <summary>Reserved, not yet taken.</summary>
    Authorized,

    /// <summary>Taken, in full or in part.</summary>
    Captured,

    /// <summary>An authorization given back untaken.</summary>
    Canceled,

    /// <summary>Taken and given back in full.</summary>
    Refunded,
}
