using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Stripe.Operations;

/// <summary>docs.stripe.com/api/payment_intents/capture</summary>
internal sealed class CapturePaymentIntent : IStripeOperation
{
    public string Method => HttpMethods.Post;

    public string Path => "/v1/payment_intents/{id}/capture";

    public Operation? Kind => Operation.Capture;

    public PreparedCall Prepare(StripeCall call)
    {
        long? amount = null;
        var final = true;
        foreach (var (name, value) in call.Fields)
        {
            StripeError? error = null;
            switch (name)
            {
                case "amount_to_capture":
                    // 0 is no amount to capture, but it gives the rest of a partly captured intent back.
                    amount = StripeFields.Integer(name, value, least: 0, ref error);
                    break;
                case "final_capture":
                    final = StripeFields.Flag(name, value, ref error);
                    break;
                default:
                    error = StripeError.UnknownParameter(name);
                    break;
            }

            if (error is not null) return PreparedCall.Refuse(error);
        }

        return PreparedCall.Run(decline => Execute(call, amount, final, decline));
    }

    private static StripeReply Execute(StripeCall call, long? amount, bool final, CardDecline? decline)
    {
        StripeError? problem = null;
        var status = StatusCodes.Status400BadRequest;
        var intent = call.Account.Update(call.Id, call.Cause, before =>
        {
            var after = Authorizations.Capture(before, amount, final, out problem);
            if (problem is not null || decline is null) return after;

            status = StatusCodes.Status402PaymentRequired;
            problem = decline.ToError(before.LatestCharge?.Id, before.Card);
            return before;
        });

        if (intent is null) return StripeReply.NotFound(StripeError.NoSuchIntent(call.Id));
        return problem is null ? StripeReply.Ok(intent) : StripeReply.Of(status, problem, intent);
    }
}
