namespace OrleansPayments.Payments;

/// <summary>Why a payment was declined or failed.</summary>
/// <param name="Code">Our stable code, snake_case: <c>card_declined</c>, <c>insufficient_funds</c>, <c>attempt_not_sent</c>, …</param>
/// <param name="Message">A sentence for the merchant.</param>
/// <param name="ConnectorCode">The provider's most specific code, when it gave one.</param>
[GenerateSerializer, Immutable, Alias("payment_error")]
public sealed record PaymentError(
    [property: Id(0)] string Code,
    [property: Id(1)] string Message,
    [property: Id(2)] string? ConnectorCode,
    [property: Id(3)] RetryAdvice Advice);
