using System.Collections.Frozen;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>
/// Stripe's published test cards and test payment methods (docs.stripe.com/testing). Every other number that passes the Luhn check
/// approves.
/// </summary>
internal static class TestCards
{
    /// <summary>Not one of Stripe's, whose test cards are never <c>processing</c>; other payment methods are.</summary>
    private const string DecidesLater = "4000000000009193";

    private const string AuthenticatesAndDecidesLater = "4000000000009201";

    private const string FailsCvcCheck = "4000000000000101";

    private static readonly FrozenDictionary<string, CardBehaviour> Numbers = new Dictionary<string, CardBehaviour>
    {
        ["4000000000000002"] = Declines(CardDecline.Generic),
        ["4000000000009995"] = Declines(CardDecline.InsufficientFunds),
        ["4000000000009987"] = Declines(CardDecline.LostCard),
        ["4000000000009979"] = Declines(CardDecline.StolenCard),
        ["4000000000000069"] = Declines(CardDecline.ExpiredCard),
        ["4000000000000127"] = Declines(CardDecline.IncorrectCvc),
        ["4000000000000119"] = Declines(CardDecline.ProcessingError),
        ["4000000000006975"] = Declines(CardDecline.VelocityExceeded),
        ["4000000000003220"] = CardBehaviour.Authenticates,
        ["4000002500003155"] = CardBehaviour.Authenticates,
        ["4000002760003184"] = CardBehaviour.Authenticates,
        ["4000003800000446"] = CardBehaviour.Authenticates with { SetUpForOffSession = true },
        ["4000008260003178"] = CardBehaviour.Authenticates with { Decline = CardDecline.InsufficientFunds },
        ["4000008400001629"] = CardBehaviour.Authenticates with { Decline = CardDecline.Generic },
        ["4000008400001280"] = Declines(CardDecline.Generic),
        ["4000000000007726"] = new() { RefundAtFirst = RefundStatus.Pending },
        ["4000000000005126"] = new() { RefundInTheEnd = RefundStatus.Failed },
        [DecidesLater] = new() { DecidesLater = true },
        [AuthenticatesAndDecidesLater] = CardBehaviour.Authenticates with { DecidesLater = true },
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> PaymentMethods = new Dictionary<string, string>
    {
        ["pm_card_visa"] = "4242424242424242",
        ["pm_card_visa_debit"] = "4000056655665556",
        ["pm_card_mastercard"] = "5555555555554444",
        ["pm_card_mastercard_debit"] = "5200828282828210",
        ["pm_card_mastercard_prepaid"] = "5105105105105100",
        ["pm_card_amex"] = "378282246310005",
        ["pm_card_discover"] = "6011111111111117",
        ["pm_card_diners"] = "3056930009020004",
        ["pm_card_jcb"] = "3566002020360505",
        ["pm_card_unionpay"] = "6200000000000005",
        ["pm_card_visa_chargeDeclined"] = "4000000000000002",
        ["pm_card_chargeDeclined"] = "4000000000000002",
        ["pm_card_visa_chargeDeclinedInsufficientFunds"] = "4000000000009995",
        ["pm_card_chargeDeclinedInsufficientFunds"] = "4000000000009995",
        ["pm_card_visa_chargeDeclinedLostCard"] = "4000000000009987",
        ["pm_card_visa_chargeDeclinedStolenCard"] = "4000000000009979",
        ["pm_card_chargeDeclinedExpiredCard"] = "4000000000000069",
        ["pm_card_chargeDeclinedIncorrectCvc"] = "4000000000000127",
        ["pm_card_chargeDeclinedProcessingError"] = "4000000000000119",
        ["pm_card_visa_chargeDeclinedVelocityLimitExceeded"] = "4000000000006975",
        ["pm_card_threeDSecure2Required"] = "4000000000003220",
        ["pm_card_authenticationRequiredOnSetup"] = "4000002500003155",
        ["pm_card_authenticationRequired"] = "4000002760003184",
        ["pm_card_authenticationRequiredSetupForOffSession"] = "4000003800000446",
        ["pm_card_authenticationRequiredChargeDeclinedInsufficientFunds"] = "4000008260003178",
        ["pm_card_threeDSecureRequiredChargeDeclined"] = "4000008400001629",
        ["pm_card_threeDSecureRequiredProcessingError"] = "4000008400001280",
        ["pm_card_pendingRefund"] = "4000000000007726",
        ["pm_card_refundFail"] = "4000000000005126",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <param name="withCvc">A CVC came with it: one card's check of it fails, which Stripe's rules block unless they are changed.</param>
    public static CardBehaviour BehaviourOf(string number, bool withCvc) =>
        withCvc && number == FailsCvcCheck ? Declines(CardDecline.IncorrectCvc) : Numbers.GetValueOrDefault(number, CardBehaviour.Approves);

    /// <summary>The number behind a test payment method; null for an unknown one.</summary>
    public static string? NumberBehind(string paymentMethod) => PaymentMethods.GetValueOrDefault(paymentMethod);

    private static CardBehaviour Declines(CardDecline decline) => new() { Decline = decline };
}
