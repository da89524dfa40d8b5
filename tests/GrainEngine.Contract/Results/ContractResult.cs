namespace OrleansPayments.GrainEngine.Contract.Results;

/// <param name="Mode">The mode's name in lower case.</param>
/// <param name="Result">"passed" or "failed".</param>
internal sealed record ContractResult(string Rule, string Mode, string Result)
{
    public const string Passed = "passed";
    public const string Failed = "failed";
}
