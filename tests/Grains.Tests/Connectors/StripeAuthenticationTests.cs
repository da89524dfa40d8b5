using System.Net;
using System.Text;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Connectors.Stripe;
using OrleansPayments.Grains.Tests.Payments;
using OrleansPayments.Payments;
using static OrleansPayments.Grains.Tests.Connectors.StripeSamples;

namespace OrleansPayments.Grains.Tests.Connectors;

/// <summary>Stripe's answers while the payer is asked to authenticate, and after.</summary>
public sealed class StripeAuthenticationTests
{
    private const string Page = "https://hooks.stripe.com/3d_secure_2/hosted?merchant=acct_1&payment_intent=pi_1";

    public static TheoryData<string, string> NextActions => new()
    {
        { Redirect(Page), "ActionRequired " + Page },
        { Redirect("http://127.0.0.1:8090/stripe/a/authenticate/pi_1"), "ActionRequired http://127.0.0.1:8090/stripe/a/authenticate/pi_1" },
        { Redirect("http://[::1]:8090/x"), "ActionRequired http://[::1]:8090/x" },
        { Redirect("HTTPS://issuer.example/x"), "ActionRequired HTTPS://issuer.example/x" },
        { Redirect("http://issuer.example/x"), "Unknown contradictory_answer" },
        { Redirect("http://127.0.0.1.issuer.example/x"), "Unknown contradictory_answer" },
        { Redirect("/relative"), "Unknown contradictory_answer" },
        { Redirect("//issuer.example/x"), "Unknown contradictory_answer" },
        { Redirect("https:issuer.example"), "Unknown contradictory_answer" },
        { Redirect("https://"), "Unknown contradictory_answer" },
        { Redirect("javascript:alert(1)"), "Unknown contradictory_answer" },
        { Redirect("file:///etc/passwd"), "Unknown contradictory_answer" },
        { Redirect("https://bank.example@evil.example/x"), "Unknown contradictory_answer" },
        { Redirect("https://issuer.example/a b"), "Unknown contradictory_answer" },
        { Redirect("https://issuer.example/\\r\\nX: y"), "Unknown contradictory_answer" },
        { Redirect("https:\\\\\\\\issuer.example/x"), "Unknown contradictory_answer" },
        { Redirect("https://issüer.example/x"), "Unknown contradictory_answer" },
        { Redirect(""), "Unknown contradictory_answer" },
        { Redirect("https://issuer.example/".PadRight(PayerRedirect.MaxLength, 'x')), "ActionRequired " + "https://issuer.example/".PadRight(PayerRedirect.MaxLength, 'x') },
        { Redirect("https://issuer.example/".PadRight(PayerRedirect.MaxLength + 1, 'x')), "Unknown contradictory_answer" },
        { """{"type":"redirect_to_url","redirect_to_url":{"url":7}}""", "Unknown contradictory_answer" },
        { """{"type":"redirect_to_url","redirect_to_url":null}""", "Unknown contradictory_answer" },
        { """{"type":"redirect_to_url"}""", "Unknown contradictory_answer" },
        { """{"redirect_to_url":{"url":"https://issuer.example/x"}}""", "Unknown contradictory_answer" },
        { "null", "Unknown contradictory_answer" },
        { "[]", "Unknown contradictory_answer" },

        // Real, but nobody has what it takes to follow it: neither declined nor forgotten.
        { """{"type":"use_stripe_sdk","use_stripe_sdk":{"type":"three_d_secure_redirect","stripe_js":"https://hooks.stripe.com/x"}}""", "Pending pi_1" },
        { """{"type":"verify_with_microdeposits"}""", "Pending pi_1" },
    };

    [Theory]
    [MemberData(nameof(NextActions))]
    public void A_payer_is_sent_only_to_an_address_that_may_be_followed(string nextAction, string expected)
    {
        var intent = Encoding.UTF8.GetBytes(Intent("requires_action", ",\"next_action\":" + nextAction));
        foreach (var method in Enum.GetValues<CaptureMethod>()) Assert.Equal(expected, All(intent, method));
    }

    [Fact]
    public void What_is_asked_of_the_payer_of_another_payment_is_not_ours()
    {
        var intent = Intent("requires_action", ",\"next_action\":" + Redirect(Page)).Replace("-1\"", "-2\"", StringComparison.Ordinal);
        Assert.Equal("Unknown contradictory_answer", All(Encoding.UTF8.GetBytes(intent), CaptureMethod.Automatic));
    }

    [Theory]
    [InlineData("requires_payment_method", ""","last_payment_error":{"code":"payment_intent_authentication_failure","type":"invalid_request_error"}""", "0", "Declined authentication_failed TryOtherMethod")]
    [InlineData("requires_payment_method", ""","last_payment_error":{"code":"card_declined","decline_code":"insufficient_funds"}""", "0", "Declined insufficient_funds RetryLater")]
    [InlineData("requires_payment_method", "", "0", "Unknown contradictory_answer")]
    [InlineData("succeeded", "", "1099", "Approved 1099")]
    [InlineData("succeeded", "", "1098", "Unknown contradictory_answer")]
    [InlineData("canceled", "", "0", "Declined canceled_at_connector RetryLater")]
    public void What_the_payer_did_decides(string status, string more, string received, string expected) =>
        Assert.Equal(expected, All(Encoding.UTF8.GetBytes(Intent(status, more, received: received)), CaptureMethod.Automatic));

    [Fact]
    public void A_received_amount_that_is_not_exactly_the_one_asked_for_is_contradictory()
    {
        // 501 of Stripe's are 5.01 krónur, and were once rounded to the 5 that were asked for.
        var asked = Money.FromMinorUnits(5, Currency.Parse("ISK"));
        var body = Encoding.UTF8.GetBytes(Intent("succeeded", amount: "500", received: "501", currency: "isk"));
        Assert.Equal(new ChargeResult.Unknown("contradictory_answer"), StripeAnswers.ToCharge(HttpStatusCode.OK, body, Attempt, asked, CaptureMethod.Automatic));
    }

    // The same whether it is the answer to the charge, to a look-up or to a search.
    private static string All(byte[] intent, CaptureMethod method)
    {
        var inquiry = new ChargeInquiry(Attempt, "pi_1", Samples.Amount, method);
        var search = Encoding.UTF8.GetBytes("""{"data":[""" + Encoding.UTF8.GetString(intent) + "]}");
        ChargeResult[] results =
        [
            StripeAnswers.ToCharge(HttpStatusCode.OK, intent, Attempt, Samples.Amount, method),
            StripeAnswers.ToRetrieve(HttpStatusCode.OK, intent, inquiry),
            StripeAnswers.ToSearch(HttpStatusCode.OK, search, inquiry),
        ];
        return Assert.Single(results.Select(Describe).Distinct());
    }

    private static string Describe(ChargeResult result) => result switch
    {
        ChargeResult.ActionRequired { ConnectorReference: "pi_1", Action: { Type: NextActionType.Redirect } action } => $"ActionRequired {action.Url}",
        ChargeResult.Pending pending => $"Pending {pending.ConnectorReference}",
        ChargeResult.Declined declined => $"Declined {declined.Error.Code} {declined.Error.Advice}",
        ChargeResult.Approved approved => $"Approved {approved.AmountCaptured.MinorUnits}",
        ChargeResult.Unknown unknown => $"Unknown {unknown.Reason}",
        _ => result.GetType().Name,
    };

    private static string Redirect(string url) => """{"type":"redirect_to_url","redirect_to_url":{"return_url":"https://shop.example","url":"%"}}""".Replace("%", url, StringComparison.Ordinal);
}
