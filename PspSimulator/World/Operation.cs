namespace OrleansPayments.PspSimulator.World;

/// <summary>What a provider's call does, in terms all providers share, so that one fault fits all of them.</summary>
internal enum Operation
{
    /// <summary>Moves or reserves money.</summary>
    Create,

    /// <summary>Takes reserved money.</summary>
    Capture,

    /// <summary>Gives reserved money back.</summary>
    Cancel,

    /// <summary>Gives taken money back.</summary>
    Refund,

    /// <summary>Reads: one object, a list or a search.</summary>
    Retrieve,
}
