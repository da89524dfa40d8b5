using OrleansPayments.Merchants;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Payments;

/// <summary>What a merchant's health hears of its payments.</summary>
internal static class PaymentOutcomes
{
    // The provider has the charge and has not decided: that is no outcome yet.
    private const string Pending = "pending_at_connector";

    /// <summary>The outcome that a payment came to by these events, if none was told before; null while there is none.</summary>
    /// <param name="before">The state before them; null when they are the first.</param>
    public static PaymentReport? FirstOutcome(PaymentState? before, PaymentState after, IEnumerable<PaymentEvent> events)
    {
        if (before is not (null or { Status: PaymentStatus.Created } or { Status: PaymentStatus.RequiresAction } or { Status: PaymentStatus.Processing, OpenAttempt: not null }))
            return null;
        return OutcomeOf(after, events) is { } outcome ? new PaymentReport(outcome, after.Amount, Took(before, after)) : null;
    }

    private static PaymentOutcome? OutcomeOf(PaymentState after, IEnumerable<PaymentEvent> events) => after.Status switch
    {
        PaymentStatus.Authorized or PaymentStatus.PartiallyCaptured or PaymentStatus.Captured => PaymentOutcome.Approved,
        PaymentStatus.Declined => PaymentOutcome.Declined,
        PaymentStatus.Failed when after.LastError?.Code != PaymentErrors.Expired.Code => PaymentOutcome.Failed,
        PaymentStatus.Processing when events.Any(happened => happened is AttemptOutcomeUnknown { Reason: not Pending }) => PaymentOutcome.Unknown,
        _ => null,
    };

    // Both moments are the journal's. A payment that was confirmed later began with its attempt; how long a payer took is nobody's latency.
    private static TimeSpan? Took(PaymentState? before, PaymentState after)
    {
        if (before?.OpenAttempt is not { } open || after.ActionAsked) return null;
        return after.UpdatedAt - (before.CardKept ? open.StartedAt : before.CreatedAt);
    }
}
