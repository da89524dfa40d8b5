using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Stripe.Operations;

/// <summary>docs.stripe.com/api/refunds/list, newest first</summary>
internal sealed class ListRefunds : IStripeOperation
{
    private const string Url = "/v1/refunds";

    public string Method => HttpMethods.Get;

    public string Path => Url;

    public Operation? Kind => Operation.Retrieve;

    public PreparedCall Prepare(StripeCall call)
    {
        var limit = ListPaymentIntents.DefaultLimit;
        string? after = null;
        string? intent = null;
        string? charge = null;
        foreach (var (name, value) in call.Fields)
        {
            switch (name)
            {
                case "limit" when ListPaymentIntents.TryLimit(value, out limit):
                    break;
                case "limit":
                    return PreparedCall.Refuse(ListPaymentIntents.InvalidLimit);
                case "starting_after":
                    after = value;
                    break;
                case "payment_intent":
                    intent = value;
                    break;
                case "charge":
                    charge = value;
                    break;
                default:
                    return PreparedCall.Refuse(StripeError.UnknownParameter(name));
            }
        }

        return PreparedCall.Run(_ =>
        {
            // One more than asked for tells whether there is more.
            var found = call.Account.Refunds.Newest(
                limit + 1, after, refund => (intent is null || refund.Intent == intent) && (charge is null || refund.Charge == charge));
            return found is null
                ? StripeReply.BadRequest(StripeError.NoSuch("refund", after!, "starting_after"))
                : StripeReply.Ok(StripeList.Page(Url, found, limit));
        });
    }
}
