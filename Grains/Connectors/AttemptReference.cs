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

    /// <summary>Reads what <see cref="ToString"/> wrote, and nothing else.</summary>
    public static bool TryParse(string? text, out AttemptReference reference)
    {
        reference = default;
        if (text is null || text.LastIndexOf('-') is not (> 0 and var dash)) return false;
        if (!PaymentId.TryParse(text[..dash], out var payment)) return false;
        if (!int.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var attempt) || attempt < 1) return false;

        // One attempt has one name: no leading zeros.
        reference = new AttemptReference(payment, attempt);
        return reference.ToString() == text;
    }

    public override string ToString() => PaymentId.Value + "-" + Attempt.ToString(CultureInfo.InvariantCulture);
}
