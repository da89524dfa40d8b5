namespace OrleansPayments.PspSimulator.World.Callbacks;

/// <summary>How far a delivery is.</summary>
internal enum CallbackState
{
    /// <summary>Waiting for its turn, or between two tries.</summary>
    Waiting,

    /// <summary>Kept back until it is released.</summary>
    Held,

    /// <summary>Acknowledged with 2xx.</summary>
    Delivered,

    /// <summary>Not acknowledged by the last try.</summary>
    Failed,

    /// <summary>Never sent: asked for, or too many were waiting.</summary>
    Dropped,
}
