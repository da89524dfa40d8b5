using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Payments;

/// <summary>The state table of a payment. A row that is not here is refused; <c>docs/payment-states.md</c> is generated from it.</summary>
internal static class PaymentTransitions
{
    public static IReadOnlyList<(PaymentStatus From, PaymentTrigger Trigger, PaymentStatus To)> Table { get; } =
    [
        (PaymentStatus.Created, PaymentTrigger.AttemptStarted, PaymentStatus.Processing),
        (PaymentStatus.Created, PaymentTrigger.Failed, PaymentStatus.Failed),
        (PaymentStatus.Processing, PaymentTrigger.Approved, PaymentStatus.Captured),
        (PaymentStatus.Processing, PaymentTrigger.Declined, PaymentStatus.Declined),
        (PaymentStatus.Processing, PaymentTrigger.Failed, PaymentStatus.Failed),
        (PaymentStatus.Processing, PaymentTrigger.OutcomeUnknown, PaymentStatus.Processing),
        (PaymentStatus.Processing, PaymentTrigger.Authorized, PaymentStatus.Authorized),
        // Always the two together, in one version.
        (PaymentStatus.Processing, PaymentTrigger.PassedOn, PaymentStatus.Processing),
        (PaymentStatus.Processing, PaymentTrigger.AttemptStarted, PaymentStatus.Processing),
        (PaymentStatus.Authorized, PaymentTrigger.OperationStarted, PaymentStatus.Processing),
        (PaymentStatus.PartiallyCaptured, PaymentTrigger.OperationStarted, PaymentStatus.Processing),
        (PaymentStatus.Processing, PaymentTrigger.CapturedInFull, PaymentStatus.Captured),
        (PaymentStatus.Processing, PaymentTrigger.CapturedInPart, PaymentStatus.PartiallyCaptured),
        (PaymentStatus.Processing, PaymentTrigger.Released, PaymentStatus.Cancelled),
        (PaymentStatus.Processing, PaymentTrigger.BackToAuthorized, PaymentStatus.Authorized),
        (PaymentStatus.Processing, PaymentTrigger.BackToPartiallyCaptured, PaymentStatus.PartiallyCaptured),
        (PaymentStatus.Created, PaymentTrigger.Released, PaymentStatus.Cancelled),
        (PaymentStatus.Created, PaymentTrigger.Expired, PaymentStatus.Failed),
        (PaymentStatus.Processing, PaymentTrigger.ActionRequired, PaymentStatus.RequiresAction),
        (PaymentStatus.Processing, PaymentTrigger.Expired, PaymentStatus.Failed),
        (PaymentStatus.RequiresAction, PaymentTrigger.Approved, PaymentStatus.Captured),
        (PaymentStatus.RequiresAction, PaymentTrigger.Authorized, PaymentStatus.Authorized),
        (PaymentStatus.RequiresAction, PaymentTrigger.Declined, PaymentStatus.Declined),
        (PaymentStatus.RequiresAction, PaymentTrigger.OutcomeUnknown, PaymentStatus.Processing),
        (PaymentStatus.RequiresAction, PaymentTrigger.OperationStarted, PaymentStatus.Processing),
        // The provider released or took the funds without being asked by us: an authorisation's end, or a person at the provider's own desk.
        (PaymentStatus.Authorized, PaymentTrigger.Released, PaymentStatus.Cancelled),
        (PaymentStatus.Authorized, PaymentTrigger.CapturedInFull, PaymentStatus.Captured),
        (PaymentStatus.Authorized, PaymentTrigger.CapturedInPart, PaymentStatus.PartiallyCaptured),
        (PaymentStatus.PartiallyCaptured, PaymentTrigger.CapturedInFull, PaymentStatus.Captured),
        (PaymentStatus.PartiallyCaptured, PaymentTrigger.CapturedInPart, PaymentStatus.PartiallyCaptured),
        // A person found the charge of a payment that had ended without one.
        (PaymentStatus.Failed, PaymentTrigger.Approved, PaymentStatus.Captured),
        (PaymentStatus.Failed, PaymentTrigger.Authorized, PaymentStatus.Authorized),
        (PaymentStatus.Declined, PaymentTrigger.Approved, PaymentStatus.Captured),
        (PaymentStatus.Declined, PaymentTrigger.Authorized, PaymentStatus.Authorized),
        (PaymentStatus.Cancelled, PaymentTrigger.Approved, PaymentStatus.Captured),
    ];

    public static bool TryNext(PaymentStatus from, PaymentTrigger trigger, out PaymentStatus to)
    {
        foreach (var row in Table)
        {
            if (row.From != from || row.Trigger != trigger) continue;
            to = row.To;
            return true;
        }

        to = default;
        return false;
    }

    /// <exception cref="InvalidOperationException">The table has no such row: a bug, or a journal that was tampered with.</exception>
    public static PaymentStatus Next(PaymentStatus from, PaymentTrigger trigger) =>
        TryNext(from, trigger, out var to) ? to : throw new InvalidOperationException($"A payment that is {from} does not take {trigger}.");

    /// <summary>The table as a diagram in Mermaid's notation.</summary>
    public static string ToDiagram()
    {
        var rows = Table.Select(row => $"    {Label(row.From)} --> {Label(row.To)}: {Label(row.Trigger)}");
        return string.Join('\n', ["stateDiagram-v2", $"    [*] --> {Label(PaymentStatus.Created)}", .. rows, ""]);
    }

    private static string Label<T>(T value)
        where T : struct, Enum =>
        System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
