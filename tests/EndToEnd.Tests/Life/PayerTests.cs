using System.Net;
using System.Text.Json.Nodes;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests.Life;

/// <summary>Payments that the payer has to act on: 3-D Secure, through the bank's page and back.</summary>
[Collection(OneSilo.Name)]
public sealed class PayerTests(SystemFixture system)
{
    private const string Card = "4000002760003184";
    private const string ReturnUrl = "https://shop.example/thanks?order=1#top";

    [Theory]
    [InlineData("automatic", "captured")]
    [InlineData("manual", "authorized")]
    public async Task A_payer_who_authenticates_comes_back_to_the_merchant_with_the_outcome(string captureMethod, string status)
    {
        using var shop = await system.OpenShopAsync();
        var acting = await PayAsync(shop, captureMethod: captureMethod);
        Assert.Empty(await system.Simulator.ChargesAsync(shop.Account));

        var back = await Payer.AnswerAsync(PageOf(acting), "complete");
        Assert.Equal((system.Silo.Address.Authority, "/return/" + Id(acting)), (back.Authority, back.AbsolutePath));
        var (code, merchant) = await Payer.OpenAsync(back);
        Assert.Equal(HttpStatusCode.SeeOther, code);
        Assert.Equal($"https://shop.example/thanks?order=1&payment_id={Id(acting)}&status={status}#top", merchant!.OriginalString);

        var paid = (await shop.Api.GetAsync("/payments/" + Id(acting))).Expect(HttpStatusCode.OK);
        Assert.Equal((status, null), ((string)paid["status"]!, paid["next_action"]));
        Assert.Equal(status == "captured" ? 1099 : 0, (int)(await system.Simulator.OnlyChargeAsync(shop.Account))["amount_captured"]!);
        await system.Simulator.OnlyChargeAsync(shop.Account);
    }

    [Theory]
    [InlineData(Card, "fail", "authentication_failed")]
    [InlineData(Card, "cancel", "authentication_failed")]
    [InlineData("4000008260003178", "complete", "insufficient_funds")]
    [InlineData("4000008400001629", "complete", "card_declined")]
    public async Task A_payer_who_fails_or_is_refused_comes_back_declined(string card, string outcome, string code)
    {
        using var shop = await system.OpenShopAsync();
        var acting = await PayAsync(shop, card);
        var (_, merchant) = await Payer.OpenAsync(await Payer.AnswerAsync(PageOf(acting), outcome));
        Assert.Contains("status=declined", merchant!.Query, StringComparison.Ordinal);
        var declined = (await shop.Api.GetAsync("/payments/" + Id(acting))).Expect(HttpStatusCode.OK);
        Assert.Equal(("declined", code), ((string)declined["status"]!, (string)declined["last_error"]!["code"]!));
        Assert.Empty(await system.Simulator.ChargesAsync(shop.Account));
    }

    [Fact]
    public async Task A_payer_who_comes_back_too_early_is_told_that_it_must_still_act()
    {
        using var shop = await system.OpenShopAsync();
        var acting = await PayAsync(shop);
        var (_, merchant) = await Payer.OpenAsync(new Uri(system.Silo.Address, "/return/" + Id(acting)));
        Assert.Contains("status=requires_action", merchant!.Query, StringComparison.Ordinal);
        Assert.Equal("requires_action", (string)(await shop.Api.GetAsync("/payments/" + Id(acting))).Json["status"]!);
    }

    [Fact]
    public async Task The_merchant_who_asks_finds_out_without_the_payers_return()
    {
        using var shop = await system.OpenShopAsync();
        var acting = await PayAsync(shop);
        await Payer.AnswerAsync(PageOf(acting), "complete");
        Assert.Equal("captured", (string)(await shop.Api.GetAsync($"/payments/{Id(acting)}?sync=true")).Json["status"]!);
    }

    [Fact]
    public async Task The_merchant_can_cancel_while_the_payer_acts_and_not_after()
    {
        using var shop = await system.OpenShopAsync();
        var acting = await PayAsync(shop);
        var cancelled = (await CancelAsync(shop, acting)).Expect(HttpStatusCode.OK);
        Assert.Equal(("cancelled", null), ((string)cancelled["status"]!, cancelled["next_action"]));
        Assert.Empty(await system.Simulator.ChargesAsync(shop.Account));

        // The payer was faster: the provider refuses the cancellation, and what became of the charge is found out.
        acting = await PayAsync(shop);
        await Payer.AnswerAsync(PageOf(acting), "complete");
        Assert.Equal("processing", (string)(await CancelAsync(shop, acting)).Expect(HttpStatusCode.OK)["status"]!);
        Assert.Equal("captured", (string)(await shop.OutcomeAsync(Id(acting), TimeSpan.FromSeconds(10)))["status"]!);
        Assert.Equal(Id(acting), (string)(await system.Simulator.OnlyChargeAsync(shop.Account))["payment_id"]!);
    }

    [Fact]
    public async Task A_confirmed_payment_can_require_the_payer_too()
    {
        using var shop = await system.OpenShopAsync();
        var body = BodyOf(Card, "automatic");
        body["confirm"] = false;
        var created = await shop.PayAsync(body);
        var acting = (await shop.Api.PostAsync($"/payments/{Id(created)}/confirm", new JsonObject(), "k")).Expect(HttpStatusCode.OK);
        Assert.Equal("requires_action", (string)acting["status"]!);
        await Payer.OpenAsync(await Payer.AnswerAsync(PageOf(acting.Json), "complete"));
        Assert.Equal("captured", (string)(await shop.Api.GetAsync("/payments/" + Id(created))).Json["status"]!);
        Assert.Equal(acting.Text, (await shop.Api.PostAsync($"/payments/{Id(created)}/confirm", new JsonObject(), "k")).Text);
    }

    [Fact]
    public async Task The_list_shows_where_the_payer_has_to_go_as_the_payment_does()
    {
        using var shop = await system.OpenShopAsync();
        var acting = await PayAsync(shop);
        await Eventually.TrueAsync("the list shows it", TimeSpan.FromSeconds(10), async () =>
            (await shop.Api.GetAsync("/payments?status=requires_action")).Expect(HttpStatusCode.OK)["data"]!.AsArray() is [var listed]
            && (string)listed!["next_action"]!["url"]! == PageOf(acting).OriginalString);
    }

    [Fact]
    public async Task Nobody_returns_to_a_payment_that_is_not_there_or_has_no_place_to_go_on_to()
    {
        using var shop = await system.OpenShopAsync();
        var paid = await shop.PayAsync();
        foreach (var id in new[] { Id(paid), "pay_00000000000000000000000000", "nonsense" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await Payer.OpenAsync(new Uri(system.Silo.Address, "/return/" + id))).Status);
        }
    }

    private static async Task<JsonObject> PayAsync(Shop shop, string card = Card, string captureMethod = "automatic")
    {
        var acting = await shop.PayAsync(BodyOf(card, captureMethod));
        Assert.Equal(("requires_action", "redirect"), ((string)acting["status"]!, (string)acting["next_action"]!["type"]!));
        return acting;
    }

    private static JsonObject BodyOf(string card, string captureMethod)
    {
        var body = Bodies.Payment(card);
        body["return_url"] = ReturnUrl;
        body["capture_method"] = captureMethod;
        return body;
    }

    private static Uri PageOf(JsonObject payment) => new((string)payment["next_action"]!["url"]!);

    private static Task<ApiAnswer> CancelAsync(Shop shop, JsonObject payment) => shop.Api.PostAsync($"/payments/{Id(payment)}/cancel", new JsonObject());

    private static string Id(JsonObject payment) => (string)payment["id"]!;
}
