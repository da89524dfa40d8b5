namespace OrleansPayments.Benchmarks.Engine;

/// <summary>One call of the target with this number. Implemented by structs, so that the loop around it costs the same for every contestant.</summary>
internal interface ICall
{
    Task<bool> To(int target);
}
