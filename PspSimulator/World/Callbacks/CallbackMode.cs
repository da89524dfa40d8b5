namespace OrleansPayments.PspSimulator.World.Callbacks;

/// <summary>What becomes of a callback on its way.</summary>
internal enum CallbackMode
{
    /// <summary>Sent once the call that caused it was answered, in order for each payment, again until it is acknowledged.</summary>
    Normal,

    /// <summary>Kept until it is released.</summary>
    Hold,

    /// <summary>Sent twice.</summary>
    Duplicate,

    /// <summary>Gathered for a moment with the others of its payment, and then sent newest first.</summary>
    Reorder,

    /// <summary>Sent, and waited for, before the call that caused it is answered.</summary>
    Early,

    /// <summary>Never sent.</summary>
    Drop,

    /// <summary>Sent once, signed with another secret.</summary>
    Forge,

    /// <summary>Sent once, with a correct signature of an hour ago.</summary>
    Stale,
}
