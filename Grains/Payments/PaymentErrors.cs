using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Payments;

/// <summary>The errors that the router itself gives a payment; providers bring their own.</summary>
internal static class PaymentErrors
{
    public static PaymentError NoEligibleConnector { get; } = new(
        "no_eligible_connector", "No enabled connector takes this method and currency for this merchant.", null, RetryAdvice.TryOtherMethod);

    /// <summary>Connectors take such payments, only not now.</summary>
    public static PaymentError ConnectorUnavailable { get; } = new(
        "connector_unavailable", "Every connector that takes this payment rests after failures or has too much to do; nothing was sent.", null, RetryAdvice.RetryLater);

    public static PaymentError ConnectorUnreachable { get; } = new(
        "connector_unreachable", "No connection to the connector could be made; nothing was sent.", null, RetryAdvice.RetryLater);

    /// <summary>Known only after the provider's settling window has passed and it still knows no such charge.</summary>
    public static PaymentError AttemptNotSent { get; } = new(
        "attempt_not_sent", "The connector never received the attempt; nothing was charged.", null, RetryAdvice.RetryLater);

    /// <summary>Nobody confirmed the payment, or the payer did not act, in time.</summary>
    public static PaymentError Expired { get; } = new(
        "payment_expired", "The time to confirm or to authenticate is over; nothing was charged.", null, RetryAdvice.RetryLater);

    /// <summary>The authorisation ended, or was released, at the provider.</summary>
    public static PaymentError ReleasedAtConnector { get; } = new(
        "released_at_connector", "The authorisation ended at the connector; nothing more can be captured.", null, RetryAdvice.RetryLater);

    /// <summary>A cancellation came after the funds were taken.</summary>
    public static PaymentError CapturedAtConnector { get; } = new(
        "captured_at_connector", "The funds were taken at the connector before they could be released.", null, RetryAdvice.DoNotRetry);

    /// <summary>A person found that what nobody knew about was not done.</summary>
    public static PaymentError ResolvedAsNotDone { get; } = new(
        "resolved_as_not_done", "An operator found that the connector had not done it.", null, RetryAdvice.RetryLater);
}
