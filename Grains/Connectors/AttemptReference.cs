using System.Globalization;

namespace OrleansPayments.Grains.Connectors;

/// <summary>
/// What one attempt is called at the provider: <c>pay_…-1</c>. Derived from payment and attempt, never drawn, so that a repetition after a crash carries the
/// same one.
/// </summary>
public readonly record struct AttemptReference(PaymentId PaymentId, int Attempt)
{
    /// <summary>The idempotency reference of one operation on this attempt: <c>pay_…-1-create</c>.</summary>
    public string ForOperation(string operation) => $"{this}-{operation}";

    public override string ToString() => PaymentId.Value + "-" + Attempt.ToString(CultureInfo.InvariantCulture);
}
