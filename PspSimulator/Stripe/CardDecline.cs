using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>A decline in Stripe's terms (docs.stripe.com/declines/codes, docs.stripe.com/error-codes).</summary>
/// <remarks>
/// Which code has which advice is this simulator's choice: Stripe passes on what the issuer gave, and says only what each advice means
/// (docs.stripe.com/declines/card).
/// </remarks>
/// <param name="Code">The error's <c>code</c>.</param>
/// <param name="DeclineCode">The issuer's reason; null where the code says it all.</param>
/// <param name="AdviceCode"><c>try_again_later</c>, <c>do_not_try_again</c> or <c>confirm_card_data</c>; null if the issuer gave none.</param>
internal sealed record CardDecline(string Code, string? DeclineCode, string? AdviceCode, string Message, string? Param = null)
{
    private const string Declined = "Your card was declined.";
    private const string TryLater = "try_again_later";
    private const string Never = "do_not_try_again";

    public static CardDecline Generic { get; } = OfReason("generic_decline", null);

    public static CardDecline InsufficientFunds { get; } = OfReason("insufficient_funds", TryLater, "Your card has insufficient funds.");

    public static CardDecline DoNotHonor { get; } = OfReason("do_not_honor", null);

    public static CardDecline IssuerNotAvailable { get; } = OfReason("issuer_not_available", TryLater);

    public static CardDecline ProcessingError { get; } = new("processing_error", null, TryLater, "An error occurred while processing your card.");

    public static CardDecline TryAgainLater { get; } = OfReason("try_again_later", TryLater);

    public static CardDecline VelocityExceeded { get; } = OfReason(
        "card_velocity_exceeded", TryLater, "Your card was declined: too many attempts, or over its amount limit.");

    public static CardDecline LostCard { get; } = OfReason("lost_card", Never);

    public static CardDecline StolenCard { get; } = OfReason("stolen_card", Never);

    public static CardDecline Fraudulent { get; } = OfReason("fraudulent", Never);

    public static CardDecline ExpiredCard { get; } = new("expired_card", null, Never, "Your card has expired.", "exp_month");

    public static CardDecline IncorrectCvc { get; } = new("incorrect_cvc", null, "confirm_card_data", "Your card's security code is incorrect.", "cvc");

    public static CardDecline AuthenticationRequired { get; } = new(
        "authentication_required", "authentication_required", null, "Your card was declined. This transaction requires authentication.");

    public static CardDecline AuthenticationNotHandled { get; } = new(
        "authentication_required",
        "authentication_not_handled",
        null,
        "This payment needs an authentication by the customer, and `error_on_requires_action` was set.");

    public static CardDecline AuthenticationFailed { get; } = new(
        "payment_intent_authentication_failure", null, null, "The customer did not authenticate this payment method.");

    /// <summary>What an issuer may answer to any card, the ordinary one first.</summary>
    private static CardDecline[] OfIssuers { get; } =
    [
        Generic, InsufficientFunds, DoNotHonor, IssuerNotAvailable, ProcessingError, TryAgainLater, VelocityExceeded, LostCard, StolenCard, Fraudulent, ExpiredCard,
        IncorrectCvc,
    ];

    /// <summary>The codes by which a fault names an issuer's decline.</summary>
    public static IReadOnlyList<string> IssuerCodes { get; } = [.. OfIssuers.Select(decline => decline.Reason)];

    /// <summary>The most specific code.</summary>
    private string Reason => DeclineCode ?? Code;

    /// <summary>The decline that a fault asks for; null if it asks for none.</summary>
    public static CardDecline? AskedBy(Fault? fault)
    {
        if (fault?.Kind != FaultKind.Decline) return null;
        return fault.Code is { } code ? OfIssuers.First(decline => decline.Reason == code) : Generic;
    }

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

    private static CardDecline OfReason(string declineCode, string? adviceCode, string message = Declined) => new("card_declined", declineCode, adviceCode, message);
}
