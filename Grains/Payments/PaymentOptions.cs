namespace OrleansPayments.Grains.Payments;

/// <summary>How long a payment waits for people.</summary>
public sealed class PaymentOptions
{
    /// <summary>From the creation of a payment to its confirmation; then it fails as expired and its card is destroyed. 1 second to 30 days; default: 24 hours.</summary>
    public TimeSpan ConfirmWithin { get; set; } = TimeSpan.FromHours(24);

    /// <summary>For the payer to act, 3-D Secure say; then the charge is taken back and the payment fails as expired. 1 second to 24 hours; default: 1 hour.</summary>
    public TimeSpan ActWithin { get; set; } = TimeSpan.FromHours(1);

    /// <exception cref="InvalidOperationException">A value is out of its range; the message names it.</exception>
    public void ThrowIfInvalid()
    {
        Require(ConfirmWithin >= TimeSpan.FromSeconds(1) && ConfirmWithin <= TimeSpan.FromDays(30), "Payments:ConfirmWithin must be from 00:00:01 to 30.00:00:00.");
        Require(ActWithin >= TimeSpan.FromSeconds(1) && ActWithin <= TimeSpan.FromHours(24), "Payments:ActWithin must be from 00:00:01 to 1.00:00:00.");
    }

    private static void Require(bool holds, string rule)
    {
        if (!holds) throw new InvalidOperationException(rule);
    }
}
