namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>A page of intents, newest first.</summary>
/// <param name="Kind"><c>list</c> or <c>search_result</c>.</param>
/// <param name="NextPage">The cursor after a search result's page; null after the last.</param>
internal sealed record StripeList(string Kind, string Url, IReadOnlyList<PaymentIntent> Data, bool HasMore, string? NextPage);
