using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Stripe.Operations;

/// <summary>
/// docs.stripe.com/api/payment_intents/search. The real index runs up to a minute behind; here an intent is found at once.
/// </summary>
internal sealed class SearchPaymentIntents : IStripeOperation
{
    private const string Url = "/v1/payment_intents/search";

    public string Method => HttpMethods.Get;

    public string Path => Url;

    public Operation? Kind => Operation.Retrieve;

    public PreparedCall Prepare(StripeCall call)
    {
        var limit = ListPaymentIntents.DefaultLimit;
        string? page = null;
        string? text = null;
        foreach (var (name, value) in call.Fields)
        {
            switch (name)
            {
                case "limit" when ListPaymentIntents.TryLimit(value, out limit):
                    break;
                case "limit":
                    return PreparedCall.Refuse(ListPaymentIntents.InvalidLimit);
                case "page":
                    page = value;
                    break;
                case "query":
                    text = value;
                    break;
                default:
                    return PreparedCall.Refuse(StripeError.UnknownParameter(name));
            }
        }

        if (text is null) return PreparedCall.Refuse(StripeError.MissingParameter("query"));
        var query = SearchQuery.Parse(text, out var problem);
        return query is null
            ? PreparedCall.Refuse(StripeError.InvalidRequest($"Invalid query: {problem}", param: "query"))
            : PreparedCall.Run(_ => Page(call.Account, query, limit, page));
    }

    private static StripeReply Page(StripeAccount account, SearchQuery query, int limit, string? page)
    {
        // The cursor is the last intent of the page before it.
        var found = account.Newest(limit + 1, page, query.Attempt, query.Matches);
        if (found is null) return StripeReply.BadRequest(StripeError.InvalidRequest("Invalid page: it is no cursor of this search.", param: "page"));

        var hasMore = found.Count > limit;
        if (hasMore) found.RemoveAt(limit);
        return StripeReply.Ok(new StripeList("search_result", Url, found, hasMore, hasMore ? found[^1].Id : null));
    }
}
