namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>A page of objects, newest first.</summary>
/// <param name="Kind"><c>list</c> or <c>search_result</c>.</param>
/// <param name="NextPage">The cursor after a search result's page; null after the last.</param>
internal sealed record StripeList(string Kind, string Url, IReadOnlyList<IStripeObject> Data, bool HasMore, string? NextPage)
{
    /// <summary>A page of a list call.</summary>
    /// <param name="found">What fits, newest first, one more than <paramref name="limit"/> if there is more.</param>
    public static StripeList Page(string url, List<IStripeObject> found, int limit)
    {
        var hasMore = found.Count > limit;
        if (hasMore) found.RemoveRange(limit, found.Count - limit);
        return new StripeList("list", url, found, hasMore, NextPage: null);
    }
}
