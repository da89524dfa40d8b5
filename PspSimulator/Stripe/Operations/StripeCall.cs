using OrleansPayments.PspSimulator.Http;

namespace OrleansPayments.PspSimulator.Stripe.Operations;

/// <summary>One authenticated call.</summary>
/// <param name="Account">Whose it is.</param>
/// <param name="Fields">The body's fields of a POST, the query's of a GET.</param>
/// <param name="ExpandCharge">The caller wants charges in full where an answer has their id otherwise.</param>
/// <param name="Id">The object in the path; empty where the path names none.</param>
/// <param name="Cause">What its changes are said to come from.</param>
/// <param name="BaseUrl">Scheme, host, port and account, such as <c>http://127.0.0.1:8090/stripe/a</c>.</param>
internal sealed record StripeCall(StripeAccount Account, FormFields Fields, bool ExpandCharge, string Id, StripeCause Cause, string BaseUrl)
{
    /// <summary>Where the customer of an intent authenticates.</summary>
    public string AuthenticationUrl(string intent) => $"{BaseUrl}/authenticate/{intent}";
}
