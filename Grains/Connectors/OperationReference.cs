using System.Globalization;

namespace OrleansPayments.Grains.Connectors;

/// <summary>What one operation on a charge is called at the provider: <c>pay_…-1-capture-2</c>. The same at each repetition, which is therefore a question.</summary>
/// <param name="Name"><c>capture</c>, <c>cancel</c> or <c>refund</c>.</param>
/// <param name="Number">1 for the payment's first operation, or its first refund.</param>
public readonly record struct OperationReference(AttemptReference Attempt, string Name, int Number)
{
    public override string ToString() => $"{Attempt}-{Name}-{Number.ToString(CultureInfo.InvariantCulture)}";
}
