using System.Net;

namespace OrleansPayments.PspSimulator.Tests;

public sealed class AuthenticationTests(RunningSimulator simulator) : IClassFixture<RunningSimulator>
{
    private const string Required = "4000000000003220";
    private const string Shop = "https://shop.example/back?order=1";

    [Theory]
    [InlineData(Required, "automatic", "complete", "succeeded", "succeeded", null)]
    [InlineData("4000002500003155", "automatic", "complete", "succeeded", "succeeded", null)]
    [InlineData("4000002760003184", "automatic", "complete", "succeeded", "succeeded", null)]
    [InlineData("4000003800000446", "automatic", "complete", "succeeded", "succeeded", null)]
    [InlineData(Required, "manual", "complete", "requires_capture", "succeeded", null)]
    [InlineData("4000008260003178", "automatic", "complete", "requires_payment_method", "failed", "card_declined")]
    [InlineData("4000008400001629", "automatic", "complete", "requires_payment_method", "failed", "card_declined")]
    [InlineData(Required, "automatic", "fail", "requires_payment_method", "failed", "payment_intent_authentication_failure")]
    [InlineData(Required, "manual", "fail", "requires_payment_method", "failed", "payment_intent_authentication_failure")]
    [InlineData(Required, "automatic", "cancel", "requires_payment_method", "failed", "payment_intent_authentication_failure")]
    public async Task The_payers_answer_decides_the_payment_and_leads_back_to_the_shop(
        string number, string method, string outcome, string status, string result, string? code)
    {
        using var stripe = simulator.NewAccount();
        var reply = await RequireAsync(stripe, number, Shop, method);
        using var payer = new Payer(reply);

        var back = await payer.AnswerAsync(outcome);

        Assert.Equal(
            $"{Shop}&payment_intent={reply.Text("id")}&payment_intent_client_secret={reply.Text("client_secret")}&redirect_status={result}",
            back.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.SeeOther, back.StatusCode);
        var intent = await stripe.IntentAsync(reply.Text("id")!);
        Assert.Equal(status, intent.Text("status"));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, intent.Json.GetProperty("next_action").ValueKind);
        if (code is not null) Assert.Equal(code, intent.Json.GetProperty("last_payment_error").GetProperty("code").GetString());
        Assert.Equal(code is null ? 1 : 0, (await stripe.ChargesAsync()).Length);

        // Another answer changes nothing any more.
        await payer.AnswerAsync("complete");
        await payer.AnswerAsync("fail");
        Assert.Equal(intent.Body, (await stripe.IntentAsync(reply.Text("id")!)).Body);
    }

    [Fact]
    public async Task The_page_asks_a_person_and_an_unanswered_one_leaves_the_payment_waiting()
    {
        using var stripe = simulator.NewAccount();
        var reply = await RequireAsync(stripe, Required, Shop);
        Assert.Equal(Shop, reply.Json.GetProperty("next_action").GetProperty("redirect_to_url").GetProperty("return_url").GetString());
        Assert.Equal("redirect_to_url", reply.Json.GetProperty("next_action").GetProperty("type").GetString());
        using var payer = new Payer(reply);

        var page = await payer.LookAsync();

        foreach (var part in (string[])["Complete authentication", "Fail authentication", ">Cancel<", "1099 USD", "visa ending in 3220", "method=\"post\">"])
            Assert.Contains(part, page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await payer.AnswerAsync("maybe")).StatusCode);
        Assert.Equal("requires_action", (await stripe.IntentAsync(reply.Text("id")!)).Text("status"));
        Assert.Empty(await stripe.ChargesAsync());

        await payer.AnswerAsync("complete");
        Assert.Contains("hidden", await payer.LookAsync(), StringComparison.Ordinal);
        Assert.Contains("the payment is succeeded", await payer.LookAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://shop.example", "https://shop.example/?payment_intent=")]
    [InlineData("https://shop.example/a#part", "https://shop.example/a?payment_intent=")]
    [InlineData("https://shop.example/ü\r\nX: y", "https://shop.example/%C3%BC%0D%0AX:%20y?payment_intent=")]
    [InlineData("myapp://return/3ds", "myapp://return/3ds?payment_intent=")]
    public async Task The_way_back_is_a_well_formed_address_whatever_the_shop_gave(string returnUrl, string start)
    {
        using var stripe = simulator.NewAccount();
        using var payer = new Payer(await RequireAsync(stripe, Required, returnUrl));

        var back = (await payer.AnswerAsync("complete")).Headers.Location!.OriginalString;

        Assert.StartsWith(start, back, StringComparison.Ordinal);
        Assert.EndsWith(returnUrl.Contains('#', StringComparison.Ordinal) ? "redirect_status=succeeded#part" : "redirect_status=succeeded", back, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_return_url_the_page_says_how_it_ended()
    {
        using var stripe = simulator.NewAccount();
        using var payer = new Payer(await RequireAsync(stripe, Required, returnUrl: null));

        var answer = await payer.AnswerAsync("complete");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("succeeded", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("javascript://shop.example/%0aalert(1)")]
    [InlineData("/back")]
    [InlineData("shop")]
    public async Task A_return_url_that_leads_nowhere_is_refused(string returnUrl)
    {
        using var stripe = simulator.NewAccount();
        var fields = StripeClient.Charge(Required);
        fields["return_url"] = returnUrl;

        Assert.Equal("url_invalid", (await stripe.CreateAsync(fields)).ErrorText("code"));
    }

    [Fact]
    public async Task After_a_failed_authentication_the_intent_takes_another_card()
    {
        using var stripe = simulator.NewAccount();
        var reply = await RequireAsync(stripe, Required, Shop);
        using var payer = new Payer(reply);
        await payer.AnswerAsync("fail");

        Assert.Equal("succeeded", (await stripe.ActAsync(reply.Text("id")!, "confirm", "payment_method=pm_card_visa")).Text("status"));
        Assert.Equal("captured 1099 1099 0", await stripe.BookAsync());
    }

    [Fact]
    public async Task A_canceled_payment_is_not_charged_by_a_payer_who_comes_late()
    {
        using var stripe = simulator.NewAccount();
        var reply = await RequireAsync(stripe, Required, Shop);
        await stripe.ActAsync(reply.Text("id")!, "cancel");
        using var payer = new Payer(reply);

        var back = await payer.AnswerAsync("complete");

        Assert.EndsWith("redirect_status=failed", back.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Empty(await stripe.ChargesAsync());
    }

    [Theory]
    [InlineData("4000003800000446", null)]
    [InlineData("4000002500003155", "authentication_required")]
    [InlineData("4000008260003178", "insufficient_funds")]
    public async Task A_payer_who_is_away_cannot_authenticate(string number, string? declineCode)
    {
        using var stripe = simulator.NewAccount();
        var fields = StripeClient.Charge(number);
        fields["off_session"] = "true";

        var reply = await stripe.CreateAsync(fields);

        if (declineCode is null) Assert.Equal("succeeded", reply.Text("status"));
        else Assert.Equal(declineCode, reply.ErrorText("decline_code"));
    }

    [Fact]
    public async Task A_lookup_that_fails_declines_at_once()
    {
        using var stripe = simulator.NewAccount();

        Assert.Equal("card_declined", (await stripe.CreateAsync(StripeClient.Charge("4000008400001280"))).ErrorText("code"));
    }

    [Fact]
    public async Task Nobody_else_has_a_page()
    {
        using var stripe = simulator.NewAccount();
        using var http = new HttpClient { BaseAddress = simulator.Address };

        using var reply = await http.GetAsync(new Uri($"/stripe/{stripe.Account}/authenticate/pi_%3Cb%3E", UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
        Assert.DoesNotContain("<b>", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<Reply> RequireAsync(StripeClient stripe, string number, string? returnUrl, string method = "automatic")
    {
        var fields = StripeClient.Charge(number);
        fields["capture_method"] = method;
        if (returnUrl is not null) fields["return_url"] = returnUrl;
        var reply = await stripe.CreateAsync(fields);
        Assert.Equal("requires_action", reply.Text("status"));
        return reply;
    }
}
