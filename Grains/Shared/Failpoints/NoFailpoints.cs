namespace OrleansPayments.Grains.Shared.Failpoints;

/// <summary>No failpoints.</summary>
public sealed class NoFailpoints : IFailpoints
{
    private NoFailpoints()
    {
    }

    public static NoFailpoints Instance { get; } = new();

    public ValueTask Reach(Failpoint point, string operation, PaymentId payment) => ValueTask.CompletedTask;

    public ValueTask Reach(Failpoint point, IEnumerable<string> entities) => ValueTask.CompletedTask;
}
