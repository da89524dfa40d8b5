namespace Orleans.Runtime;

/// <summary>A context that admits calls of a call chain while a call of the same chain is in flight.</summary>
internal interface ICallChainReentrantGrainContext
{
    void OnEnterReentrantSection(Guid reentrancyId);

    void OnExitReentrantSection(Guid reentrancyId);
}
