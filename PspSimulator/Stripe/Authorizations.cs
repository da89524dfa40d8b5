namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>
/// How reserved money is taken or given back, without touching anything stored (docs.stripe.com/payments/place-a-hold-on-a-payment-method,
/// docs.stripe.com/payments/multicapture).
/// </summary>
internal static class Authorizations
{
    public const string UnexpectedState = "payment_intent_unexpected_state";

    private const int MaxCaptures = 50;

    /// <summary>Takes all or part of what is reserved. The rest is given back unless the caller keeps it for later.</summary>
    /// <param name="amount">Null takes all that is left; 0 only gives the rest back, after an earlier capture.</param>
    /// <param name="final">False keeps the rest reserved, where multicapture is available.</param>
    /// <param name="problem">Why the intent stays as it is.</param>
    public static PaymentIntent Capture(PaymentIntent intent, long? amount, bool final, out StripeError? problem)
    {
        problem = WhyNotCapture(intent, amount, final);
        if (problem is not null) return intent;

        var taken = amount ?? intent.AmountCapturable;
        var rest = intent.AmountCapturable - taken;
        var charge = intent.LatestCharge!;
        var captured = intent with
        {
            AmountReceived = intent.AmountReceived + taken,
            AmountCapturable = rest,
            LatestCharge = charge with { AmountCaptured = charge.AmountCaptured + taken, Captures = charge.Captures + 1 },
        };
        return final || rest == 0 ? Release(captured, PaymentIntentStatus.Succeeded) : captured;
    }

    /// <summary>Ends an intent that is not through yet and gives back what is still reserved.</summary>
    /// <param name="problem">Why the intent stays as it is.</param>
    public static PaymentIntent Cancel(PaymentIntent intent, string? reason, DateTimeOffset now, out StripeError? problem)
    {
        problem = intent.Status is PaymentIntentStatus.Succeeded or PaymentIntentStatus.Canceled
            ? StripeError.InvalidRequest(
                $"You cannot cancel this PaymentIntent because it has a status of {StripeNames.Of(intent.Status)}. Only a PaymentIntent with one of the following "
                + "statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, requires_action, processing.",
                UnexpectedState)
            : null;
        if (problem is not null) return intent;

        var canceled = intent with { CanceledAt = now, CancellationReason = reason, AuthenticationUrl = null };
        return Release(canceled, PaymentIntentStatus.Canceled);
    }

    /// <summary>True once the time for capturing is over.</summary>
    public static bool IsOver(PaymentIntent intent, DateTimeOffset now) =>
        intent.Status == PaymentIntentStatus.RequiresCapture && intent.LatestCharge?.CaptureBefore <= now;

    /// <summary>What the end of the time does: the rest is given back; an intent of which nothing was captured is canceled.</summary>
    /// <param name="intent">One that waits for capture.</param>
    public static PaymentIntent Expire(PaymentIntent intent, DateTimeOffset now) => intent.AmountReceived > 0
        ? Release(intent, PaymentIntentStatus.Succeeded)
        : Release(intent with { CanceledAt = now, CancellationReason = "automatic" }, PaymentIntentStatus.Canceled);

    private static PaymentIntent Release(PaymentIntent intent, PaymentIntentStatus status) => intent with
    {
        Status = status,
        AmountCapturable = 0,
        LatestCharge = intent.LatestCharge is { } charge
            ? charge with { AmountReleased = charge.AmountReleased + intent.AmountCapturable }
            : null,
    };

    private static StripeError? WhyNotCapture(PaymentIntent intent, long? amount, bool final)
    {
        if (intent.Status == PaymentIntentStatus.Succeeded)
            return StripeError.InvalidRequest("This PaymentIntent could not be captured because it has already been captured.", UnexpectedState);
        if (intent.Status != PaymentIntentStatus.RequiresCapture)
        {
            return StripeError.InvalidRequest(
                $"This PaymentIntent could not be captured because it has a status of {StripeNames.Of(intent.Status)}. Only a PaymentIntent with one of the following "
                + "statuses may be captured: requires_capture.",
                UnexpectedState);
        }

        if (amount > intent.AmountCapturable)
        {
            return StripeError.InvalidRequest(
                "The payment could not be captured because the requested capture amount is greater than the authorized amount.", "amount_too_large", "amount_to_capture");
        }

        if (amount == 0 && (!final || intent.AmountReceived == 0))
            return StripeError.InvalidRequest("This value must be greater than or equal to 1.", "parameter_invalid_integer", "amount_to_capture");

        // Stripe's documentation gives no code for the two that follow.
        if (!final && !intent.LatestCharge!.Multicapture)
            return StripeError.InvalidRequest("final_capture can only be false if multicapture is available for this PaymentIntent.", param: "final_capture");
        return !final && intent.LatestCharge!.Captures == MaxCaptures - 1
            ? StripeError.InvalidRequest($"A PaymentIntent can be captured up to {MaxCaptures} times; this capture must be final.", param: "final_capture")
            : null;
    }
}
