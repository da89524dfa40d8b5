using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Stripe.Operations;

/// <summary>docs.stripe.com/api/refunds/create</summary>
internal sealed class CreateRefund(TimeProvider time, RandomSource random, Later later) : IStripeOperation
{
    private static readonly StripeError Declined = StripeError.InvalidRequest(
        "Insufficient funds in your Stripe account to refund this charge.", "balance_insufficient");

    public string Method => HttpMethods.Post;

    public string Path => "/v1/refunds";

    public Operation? Kind => Operation.Refund;

    public PreparedCall Prepare(StripeCall call)
    {
        var asked = new Asked();
        foreach (var (name, value) in call.Fields)
        {
            if (asked.Take(name, value) is { } error) return PreparedCall.Refuse(error);
        }

        if (asked is { Intent: null, Charge: null }) return PreparedCall.Refuse(StripeError.MissingParameter("payment_intent"));
        return PreparedCall.Run(decline => Execute(call, asked, decline));
    }

    private StripeReply Execute(StripeCall call, Asked asked, CardDecline? decline)
    {
        var found = asked.Intent is { } id ? call.Account.Find(id) : call.Account.FindByCharge(asked.Charge!);
        if (found is null)
        {
            return StripeReply.NotFound(asked.Intent is null
                ? StripeError.NoSuch("charge", asked.Charge!, "charge")
                : StripeError.NoSuch("payment_intent", asked.Intent, "payment_intent"));
        }

        StripeError? problem = null;
        var refund = call.Account.AddRefund(found.Id, call.Cause, before =>
        {
            var amount = asked.Amount;
            var after = Refunds.Refund(before, ref amount, out problem);
            if (problem is null && decline is not null) problem = Declined;
            return problem is null ? (after, New(after, amount!.Value, asked)) : (before, null);
        });

        if (refund is null) return StripeReply.BadRequest(problem ?? StripeError.NoSuchIntent(found.Id));
        var end = found.LatestCharge!.Card.Behaviour.RefundInTheEnd;
        if (refund.Status != end) later.Run(() => call.Account.DecideRefund(refund.Id, end, StripeCause.Outside()));
        return StripeReply.Ok(refund);
    }

    private StripeRefund New(PaymentIntent intent, long amount, Asked asked) => new()
    {
        Id = random.NextId("re_"),
        Intent = intent.Id,
        Charge = intent.LatestCharge!.Id,
        Amount = amount,
        Currency = intent.Currency,
        Status = intent.LatestCharge.Card.Behaviour.RefundAtFirst,
        Created = time.GetUtcNow(),
        Reason = asked.Reason,
        Metadata = asked.Metadata.Pairs,
    };

    /// <summary>The parameters.</summary>
    private sealed class Asked
    {
        public string? Intent { get; private set; }

        public string? Charge { get; private set; }

        public long? Amount { get; private set; }

        public string? Reason { get; private set; }

        public StripeMetadata Metadata { get; } = new();

        public StripeError? Take(string name, string value)
        {
            StripeError? error = null;
            switch (name)
            {
                case "payment_intent":
                    Intent = StripeFields.Text(name, value, ref error);
                    break;
                case "charge":
                    Charge = StripeFields.Text(name, value, ref error);
                    break;
                case "amount":
                    Amount = StripeFields.Integer(name, value, least: 1, ref error);
                    break;
                case "reason":
                    Reason = StripeFields.OneOf(name, value, ["duplicate", "fraudulent", "requested_by_customer"], ref error);
                    break;
                default:
                    if (!Metadata.TryTake(name, value, ref error)) error = StripeError.UnknownParameter(name);
                    break;
            }

            return error;
        }
    }
}
