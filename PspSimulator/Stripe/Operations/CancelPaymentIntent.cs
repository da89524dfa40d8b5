using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Stripe.Operations;

/// <summary>docs.stripe.com/api/payment_intents/cancel</summary>
internal sealed class CancelPaymentIntent(TimeProvider time) : IStripeOperation
{
    // Stripe's documentation gives no ordinary refusal to cancel other than by state; this one has its form.
    private static readonly StripeError Declined = StripeError.InvalidRequest(
        "You cannot cancel this PaymentIntent at this time.", Authorizations.UnexpectedState);

    public string Method => HttpMethods.Post;

    public string Path => "/v1/payment_intents/{id}/cancel";

    public Operation? Kind => Operation.Cancel;

    public PreparedCall Prepare(StripeCall call)
    {
        string? reason = null;
        foreach (var (name, value) in call.Fields)
        {
            if (name != "cancellation_reason") return PreparedCall.Refuse(StripeError.UnknownParameter(name));

            StripeError? error = null;
            reason = StripeFields.OneOf(name, value, ["duplicate", "fraudulent", "requested_by_customer", "abandoned"], ref error);
            if (error is not null) return PreparedCall.Refuse(error);
        }

        return PreparedCall.Run(decline => Execute(call, reason, decline));
    }

    private StripeReply Execute(StripeCall call, string? reason, CardDecline? decline)
    {
        StripeError? problem = null;
        var intent = call.Account.Update(call.Id, call.Cause, before =>
        {
            var after = Authorizations.Cancel(before, reason, time.GetUtcNow(), out problem);
            if (problem is not null || decline is null) return after;

            problem = Declined;
            return before;
        });

        if (intent is null) return StripeReply.NotFound(StripeError.NoSuchIntent(call.Id));
        return problem is null ? StripeReply.Ok(intent) : StripeReply.Of(StatusCodes.Status400BadRequest, problem, intent);
    }
}
