using Orleans.CodeGeneration;

namespace Orleans.Runtime;

/// <summary>A call that cannot start while the calls of its cycle have no answer.</summary>
internal sealed record CallInCycle(GrainMethod Method, CallCycle Cycle)
{
    public override string ToString() => $"{Method}: {Cycle}";
}
