namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>All that is kept of a card: never its number, never its CVC.</summary>
/// <param name="PaymentMethodId">The <c>pm_…</c> that stands for it.</param>
/// <param name="Brand">Stripe's brand name, such as <c>visa</c>; <c>unknown</c> for other ranges.</param>
/// <param name="Fingerprint">The same for the same number within one run of the simulator.</param>
/// <param name="Behaviour">What its issuer does.</param>
internal sealed record StripeCard(
    string PaymentMethodId,
    string Brand,
    string Last4,
    int ExpMonth,
    int ExpYear,
    string Fingerprint,
    CardBehaviour Behaviour);
