namespace OrleansPayments.Merchants;

/// <summary>A payment's first outcome, as its merchant's health counts it.</summary>
/// <param name="Amount">Of the payment; counts as volume when it was approved.</param>
/// <param name="Duration">From the moment at which the payment was durable and about to be sent to that at which its outcome was; null where a payer had to act.</param>
[GenerateSerializer, Immutable, Alias("payment_report")]
public sealed record PaymentReport([property: Id(0)] PaymentOutcome Outcome, [property: Id(1)] Money Amount, [property: Id(2)] TimeSpan? Duration);

/// <summary>What a payment came to at first.</summary>
[GenerateSerializer, Alias("payment_outcome")]
public enum PaymentOutcome
{
    /// <summary>The money was taken or is held.</summary>
    Approved,

    /// <summary>The issuer or the provider refused.</summary>
    Declined,

    /// <summary>It ended without success for any other reason. A payment whose time ran out before anybody confirmed it or acted is none of these.</summary>
    Failed,

    /// <summary>Nobody could tell; what it comes to later does not count again.</summary>
    Unknown,
}
