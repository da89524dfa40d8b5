using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Stripe.Operations;

/// <summary>docs.stripe.com/api/payment_intents/confirm</summary>
internal sealed class ConfirmPaymentIntent(TimeProvider time, CardVault vault, Attempts attempts, Later later) : IStripeOperation
{
    public static StripeError NoPaymentMethod { get; } = StripeError.InvalidRequest(
        "This PaymentIntent has no payment method to confirm with: send payment_method or payment_method_data.", Authorizations.UnexpectedState, "payment_method");

    public string Method => HttpMethods.Post;

    public string Path => "/v1/payment_intents/{id}/confirm";

    // Confirming is what moves the money of an intent created without it.
    public Operation? Kind => Operation.Create;

    public PreparedCall Prepare(StripeCall call)
    {
        var (parameters, error) = PaymentIntentParameters.Parse(call.Fields, creating: false);
        if (error is not null) return PreparedCall.Refuse(error);
        return PreparedCall.Run(decline => Execute(call, parameters, decline));
    }

    private StripeReply Execute(StripeCall call, PaymentIntentParameters parameters, CardDecline? decline)
    {
        var (given, refusal) = PaymentMethodResolver.Resolve(parameters, vault, time.GetUtcNow());
        if (refusal is not null) return StripeReply.Of(StatusCodes.Status402PaymentRequired, refusal.ToError(charge: null, card: null));

        StripeError? problem = null;
        var intent = call.Account.Update(call.Id, call.Cause, before =>
        {
            var card = given ?? before.Card;
            problem = Check(before, card);
            return problem is null ? Confirm(before, card!, call, parameters, decline) : before;
        });

        if (intent is null) return StripeReply.NotFound(StripeError.NoSuchIntent(call.Id));
        if (problem is null) LateDecision.Await(call.Account, intent, attempts, later);
        return problem is null ? Attempts.ReplyTo(intent) : StripeReply.Of(StatusCodes.Status400BadRequest, problem, intent);
    }

    private PaymentIntent Confirm(
        PaymentIntent before, StripeCard card, StripeCall call, PaymentIntentParameters parameters, CardDecline? decline)
    {
        var intent = before with
        {
            CaptureMethod = parameters.CaptureMethod ?? before.CaptureMethod,
            Multicapture = parameters.Multicapture ?? before.Multicapture,
            ReturnUrl = parameters.ReturnUrl ?? before.ReturnUrl,
            ReceiptEmail = parameters.ReceiptEmail ?? before.ReceiptEmail,
            SetupFutureUsage = parameters.SetupFutureUsage ?? before.SetupFutureUsage,
        };
        return attempts.Confirm(
            intent, card, parameters.OffSession, parameters.ErrorOnRequiresAction, decline, call.AuthenticationUrl(intent.Id));
    }

    private static StripeError? Check(PaymentIntent intent, StripeCard? card)
    {
        if (intent.Status is not (PaymentIntentStatus.RequiresPaymentMethod or PaymentIntentStatus.RequiresConfirmation or PaymentIntentStatus.RequiresAction))
        {
            return StripeError.InvalidRequest(
                $"You cannot confirm this PaymentIntent because it has a status of {StripeNames.Of(intent.Status)}.", Authorizations.UnexpectedState);
        }

        return card is null ? NoPaymentMethod : null;
    }
}
