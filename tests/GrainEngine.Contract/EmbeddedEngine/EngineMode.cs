namespace OrleansPayments.GrainEngine.Contract;

/// <summary>The ways in which this engine runs calls; every rule holds in each.</summary>
public enum EngineMode
{
    /// <summary>A call to an idle grain runs on its caller's thread.</summary>
    Inline,

    /// <summary>Every call goes through the mailbox.</summary>
    Queued,
}
