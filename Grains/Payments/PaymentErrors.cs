using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Payments;

/// <summary>The errors that the router itself gives a payment; providers bring their own.</summary>
internal static class PaymentErrors
{
    public static PaymentError NoEligibleConnector { get; } = new(
        "no_eligible_connector", "No enabled connector takes this method and currency for this merchant.", null, RetryAdvice.TryOtherMethod);

    public static PaymentError ConnectorUnreachable { get; } = new(
        "connector_unreachable", "No connection to the connector could be made; nothing was sent.", null, RetryAdvice.RetryLater);

    /// <summary>Known only after the provider's settling window has passed and it still knows no such charge.</summary>
    public static PaymentError AttemptNotSent { get; } = new(
        "attempt_not_sent", "The connector never received the attempt; nothing was charged.", null, RetryAdvice.RetryLater);
}
