namespace OrleansPayments.PspSimulator.World;

/// <summary>What goes wrong with a call.</summary>
internal enum FaultKind
{
    /// <summary>No effect, and no answer until the caller gives up.</summary>
    TimeoutBefore,

    /// <summary>The effect, and no answer until the caller gives up.</summary>
    TimeoutAfter,

    /// <summary>No effect, and the connection is reset.</summary>
    ResetBefore,

    /// <summary>The effect, and the connection is reset.</summary>
    ResetAfter,

    /// <summary>No effect, and the provider's 500.</summary>
    Http500,

    /// <summary>No effect, and a 200 with a body that ends in the middle.</summary>
    Malformed,

    /// <summary>The provider's ordinary refusal: no money moves.</summary>
    Decline,

    /// <summary>The effect and the answer, both late.</summary>
    Slow,
}
