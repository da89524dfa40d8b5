using System.Collections.Frozen;
using System.Text.Json;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Connectors.Stripe;

/// <summary>Stripe's codes in our words.</summary>
/// <remarks>Source of the codes: docs.stripe.com/declines/codes and docs.stripe.com/error-codes; the advice is our judgement, and Stripe's own
/// <c>advice_code</c> goes before it.</remarks>
internal static class StripeErrors
{
    private static readonly FrozenDictionary<string, (string Code, RetryAdvice Advice)> Declines = BuildDeclines();

    private static readonly FrozenDictionary<string, string> Messages = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["card_declined"] = "The card was declined.",
        ["insufficient_funds"] = "The card has insufficient funds.",
        ["expired_card"] = "The card has expired.",
        ["invalid_expiry"] = "The card's expiry date is wrong.",
        ["incorrect_cvc"] = "The card's security code is wrong.",
        ["incorrect_number"] = "The card number is wrong.",
        ["card_restricted"] = "The card may not be used for this payment.",
        ["suspected_fraud"] = "The payment was refused on suspicion of fraud.",
        ["card_velocity_exceeded"] = "The card has reached its limit for now.",
        ["authentication_required"] = "The issuer asks the payer to authenticate.",
        ["authentication_failed"] = "The payer did not authenticate with the issuer.",
        ["issuer_unavailable"] = "The issuer could not be reached.",
        ["processing_error"] = "An error occurred while the card was processed.",
        ["not_supported"] = "The card does not support this payment or currency.",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static PaymentError AmountNotSupported { get; } = new(
        "amount_not_supported", "The connector cannot express this amount in this currency.", null, RetryAdvice.DoNotRetry);

    public static PaymentError Canceled { get; } = new("canceled_at_connector", "The charge was cancelled at the connector.", null, RetryAdvice.RetryLater);

    public static PaymentError CredentialsRefused(string? connectorCode) => new(
        "connector_credentials_refused", "The connector does not accept its credentials.", connectorCode, RetryAdvice.RetryLater);

    public static PaymentError RateLimited(string? connectorCode) => new(
        "connector_rate_limited", "The connector takes no more requests for now.", connectorCode, RetryAdvice.RetryLater);

    public static PaymentError RequestRefused(string? connectorCode) => new(
        "connector_refused_request", "The connector refused the request as invalid.", connectorCode, RetryAdvice.DoNotRetry);

    public static PaymentError Unreachable { get; } = new(
        "connector_unreachable", "No connection to the connector could be made; nothing was sent.", null, RetryAdvice.RetryLater);

    /// <summary>Of a capture or cancellation.</summary>
    public static PaymentError OperationRefused(string? connectorCode) => new(
        "connector_refused_operation", "The connector refused the capture or cancellation; nothing was done.", connectorCode, RetryAdvice.DoNotRetry);

    /// <summary>Of a refund; Stripe takes it out of what it owes the merchant.</summary>
    public static PaymentError RefundRefused(string? connectorCode) => connectorCode == "balance_insufficient"
        ? new("connector_balance_insufficient", "The balance at the connector does not cover the refund; nothing was given back.", connectorCode, RetryAdvice.RetryLater)
        : new("connector_refused_refund", "The connector refused the refund; nothing was given back.", connectorCode, RetryAdvice.DoNotRetry);

    /// <param name="reason">Stripe's <c>failure_reason</c>: <c>lost_or_stolen_card</c>, <c>expired_or_canceled_card</c>, <c>insufficient_funds</c>, … or none.</param>
    public static PaymentError RefundFailed(string? reason) => new(
        "refund_failed", "The refund failed; the money came back to the merchant.", reason, reason == "insufficient_funds" ? RetryAdvice.RetryLater : RetryAdvice.DoNotRetry);

    public static PaymentError RefundCanceled(string? reason) => new(
        "refund_canceled_at_connector", "The refund was cancelled at the connector; the money stays with the merchant.", reason, RetryAdvice.RetryLater);

    /// <summary>Why an intent's last attempt was declined; null when none was.</summary>
    public static PaymentError? LastOf(JsonElement intent) => StripeJson.Child(intent, "last_payment_error") is { } error ? FromDecline(error) : null;

    /// <param name="error">Stripe's error object.</param>
    public static PaymentError FromDecline(JsonElement error) =>
        FromDecline(StripeJson.Text(error, "code"), StripeJson.Text(error, "decline_code"), StripeJson.Text(error, "advice_code"));

    /// <summary>The most specific code decides; one that is not known is a plain decline that another method may avoid.</summary>
    public static PaymentError FromDecline(string? code, string? declineCode, string? adviceCode)
    {
        var connectorCode = declineCode ?? code;
        if (connectorCode is null || !Declines.TryGetValue(connectorCode, out var known)) known = ("card_declined", RetryAdvice.TryOtherMethod);
        var advice = adviceCode switch
        {
            "try_again_later" => RetryAdvice.RetryLater,
            "do_not_try_again" => RetryAdvice.DoNotRetry,
            "confirm_card_data" => RetryAdvice.TryOtherMethod,
            _ => known.Advice,
        };
        return new PaymentError(known.Code, Messages[known.Code], connectorCode, advice);
    }

    private static FrozenDictionary<string, (string Code, RetryAdvice Advice)> BuildDeclines()
    {
        var declines = new Dictionary<string, (string, RetryAdvice)>(StringComparer.Ordinal);
        Add("insufficient_funds", RetryAdvice.RetryLater, "insufficient_funds");
        Add("card_velocity_exceeded", RetryAdvice.RetryLater, "card_velocity_exceeded withdrawal_count_limit_exceeded");
        Add("issuer_unavailable", RetryAdvice.RetryLater, "issuer_not_available");
        Add("processing_error", RetryAdvice.RetryLater, "processing_error try_again_later reenter_transaction approve_with_id");
        Add("authentication_required", RetryAdvice.TryOtherMethod, "authentication_required authentication_not_handled offline_pin_required online_or_offline_pin_required");
        Add("authentication_failed", RetryAdvice.TryOtherMethod, "payment_intent_authentication_failure");
        Add("incorrect_cvc", RetryAdvice.TryOtherMethod, "incorrect_cvc invalid_cvc");
        Add("incorrect_number", RetryAdvice.TryOtherMethod, "incorrect_number invalid_number invalid_account new_account_information_available");
        Add("invalid_expiry", RetryAdvice.TryOtherMethod, "invalid_expiry_month invalid_expiry_year");
        Add("expired_card", RetryAdvice.TryOtherMethod, "expired_card");
        Add("not_supported", RetryAdvice.TryOtherMethod, "card_not_supported currency_not_supported transaction_not_allowed service_not_allowed not_permitted");
        Add("card_restricted", RetryAdvice.DoNotRetry, "lost_card stolen_card pickup_card restricted_card security_violation stop_payment_order revocation_of_authorization revocation_of_all_authorizations");
        Add("suspected_fraud", RetryAdvice.DoNotRetry, "fraudulent merchant_blacklist");
        Add("card_declined", RetryAdvice.DoNotRetry, "do_not_try_again duplicate_transaction testmode_decline");
        Add("card_declined", RetryAdvice.TryOtherMethod, "card_declined generic_decline do_not_honor call_issuer no_action_taken incorrect_zip incorrect_address");
        return declines.ToFrozenDictionary(StringComparer.Ordinal);

        void Add(string code, RetryAdvice advice, string connectorCodes)
        {
            foreach (var connectorCode in connectorCodes.Split(' ')) declines.Add(connectorCode, (code, advice));
        }
    }
}
