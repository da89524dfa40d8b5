namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>A decline in Stripe's terms (docs.stripe.com/declines/codes, docs.stripe.com/error-codes).</summary>
/// <param name="Code">The error's <c>code</c>.</param>
/// <param name="DeclineCode">The issuer's reason; null where the code says it all.</param>
/// <param name="AdviceCode"><c>try_again_later</c>, <c>do_not_try_again</c> or <c>confirm_card_data</c>; null if the issuer gave none.</param>
internal sealed record CardDecline(string Code, string? DeclineCode, string? AdviceCode, string Message, string? Param = null)
{
    public static CardDecline Generic { get; } = new("card_declined", "generic_decline", null, "Your card was declined.");

    public static CardDecline AuthenticationRequired { get; } = new(
        "authentication_required", "authentication_required", null, "Your card was declined. This transaction requires authentication.");

    public static CardDecline AuthenticationNotHandled { get; } = new(
        "authentication_required",
        "authentication_not_handled",
        null,
        "This payment needs an authentication by the customer, and `error_on_requires_action` was set.");

    public static CardDecline AuthenticationFailed { get; } = new(
        "payment_intent_authentication_failure", null, null, "The customer did not authenticate this payment method.");

    public static CardDecline InsufficientFunds { get; } = new(
        "card_declined", "insufficient_funds", "try_again_later", "Your card has insufficient funds.");

    /// <summary>The error of an attempt that made the (failed) charge <paramref name="charge"/>.</summary>
    public StripeError ToError(string? charge, StripeCard? card) => new("card_error", Message)
    {
        Code = Code,
        DeclineCode = DeclineCode,
        AdviceCode = AdviceCode,
        Param = Param,
        Charge = charge,
        Card = card,
    };
}
