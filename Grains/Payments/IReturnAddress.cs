namespace OrleansPayments.Grains.Payments;

/// <summary>Where a payer's browser comes back to after it was sent to a provider's page.</summary>
public interface IReturnAddress
{
    /// <summary>Absolute; null when the installation has no address that a payer could reach, and then no payment can ask the payer to act.</summary>
    string? Of(PaymentId payment);
}
