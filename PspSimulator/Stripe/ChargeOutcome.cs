namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>The <c>status</c> of a Charge.</summary>
internal enum ChargeOutcome
{
    Pending,
    Succeeded,
    Failed,
}
