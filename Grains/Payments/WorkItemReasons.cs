using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Payments;

/// <summary>Why a person is needed.</summary>
internal static class WorkItemReasons
{
    /// <summary>The connector was asked for as long as its settings say, and nobody knows what became of the attempt or operation.</summary>
    public const string OutcomeUnknown = "outcome_unknown";

    /// <summary>The provider remembers the operation's reference no more: to send it again would no longer be a question but a second operation.</summary>
    public const string ReferenceForgotten = "reference_forgotten";

    /// <summary>The provider has a charge of a payment that ended without one.</summary>
    public const string ChargeAfterEnd = "charge_after_end";

    /// <summary>A provider has a charge of an attempt that it had refused, and that was made anew at another connector.</summary>
    public const string ChargeOfPassedAttempt = WorkItem.ChargeOfPassedAttempt;
}
