namespace OrleansPayments.PspSimulator.World;

/// <summary>A fault waiting for its calls.</summary>
/// <param name="Operation">The calls it waits for; null for all of them.</param>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Times">How many more calls it spoils, 1 or more.</param>
/// <param name="Delay">How long a call waits first, before any effect.</param>
/// <param name="Code">Of a decline, the provider's code for its reason; null for its ordinary one.</param>
internal sealed record Fault(Operation? Operation, FaultKind Kind, int Times, TimeSpan Delay, string? Code = null)
{
    /// <summary>True for a fault that takes the place of the effect.</summary>
    public bool PreventsEffect => Kind is FaultKind.TimeoutBefore or FaultKind.ResetBefore or FaultKind.Http500 or FaultKind.Malformed;

    public bool Fits(Operation operation)
    {
        if (Operation is { } wanted) return wanted == operation;

        // Reading cannot be declined, so a decline of everything passes it by.
        return Kind != FaultKind.Decline || operation != World.Operation.Retrieve;
    }
}
