namespace OrleansPayments.GrainEngine.Contract;

/// <summary>The ways in which this engine runs calls.</summary>
public enum EngineMode
{
    /// <summary>There is but one.</summary>
    Orleans,
}
