namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>The <c>status</c> of a Refund.</summary>
internal enum RefundStatus
{
    Pending,
    Succeeded,
    Failed,
}
