namespace OrleansPayments.GrainEngine.Contract.Grains;

[GenerateSerializer]
public sealed class ProbeException(string message, int code) : Exception(message)
{
    [Id(0)]
    public int Code { get; } = code;
}
