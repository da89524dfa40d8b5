using System.Net;
using System.Text.Json.Nodes;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests.Life;

/// <summary>Payments that are created first and sent when they are confirmed.</summary>
[Collection(OneSilo.Name)]
public sealed class ConfirmTests(SystemFixture system)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Nothing_is_sent_before_the_confirmation_and_then_the_card_of_the_creation_is_charged()
    {
        using var shop = await system.OpenShopAsync();
        var created = await CreateAsync(shop);
        Assert.Equal(("created", 0), ((string)created["status"]!, (int)created["amount_captured"]!));
        Assert.Null((string?)created["connector"]);
        Assert.NotNull((string?)created["expires_at"]);
        Assert.Empty(await system.Simulator.RequestsAsync(shop.Account));

        var confirmed = (await ConfirmAsync(shop, created)).Expect(HttpStatusCode.OK);
        Assert.Equal(("captured", 1099), ((string)confirmed["status"]!, (int)confirmed["amount_captured"]!));
        Assert.Null((string?)confirmed["expires_at"]);
        var charge = await system.Simulator.OnlyChargeAsync(shop.Account);
        Assert.Equal((Id(created), 1099), ((string)charge["payment_id"]!, (int)charge["amount_captured"]!));
        Assert.Equal(confirmed.Text, (await shop.Api.GetAsync("/payments/" + Id(created))).Text);
    }

    [Fact]
    public async Task A_confirmation_may_bring_another_card()
    {
        using var shop = await system.OpenShopAsync();
        var created = await CreateAsync(shop, Bodies.Payment("4000000000000002"));
        var body = new JsonObject { ["payment_method"] = Bodies.Payment("5555555555554444")["payment_method"]!.DeepClone() };
        var confirmed = (await ConfirmAsync(shop, created, body)).Expect(HttpStatusCode.OK);
        Assert.Equal(("captured", "mastercard"), ((string)confirmed["status"]!, (string)confirmed["payment_method"]!["card"]!["brand"]!));
    }

    [Fact]
    public async Task The_security_code_that_comes_again_is_sent_and_was_never_kept()
    {
        using var shop = await system.OpenShopAsync();
        var created = await CreateAsync(shop, Bodies.Payment("4000000000000101"));
        var without = (await ConfirmAsync(shop, created)).Expect(HttpStatusCode.OK);
        Assert.Equal("captured", (string)without["status"]!);

        created = await CreateAsync(shop, Bodies.Payment("4000000000000101"));
        var with = (await ConfirmAsync(shop, created, new JsonObject { ["payment_method"] = Bodies.Payment("4000000000000101")["payment_method"]!.DeepClone() }))
            .Expect(HttpStatusCode.OK);
        Assert.Equal(("declined", "incorrect_cvc"), ((string)with["status"]!, (string)with["last_error"]!["code"]!));
    }

    [Fact]
    public async Task Twenty_confirmations_with_one_key_charge_once_and_answer_the_same()
    {
        using var shop = await system.OpenShopAsync();
        var created = await CreateAsync(shop);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ConfirmAsync(shop, created, key: "once")));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Single(answers.Select(answer => answer.Text).Distinct());
        Assert.Single(answers, answer => !answer.Replayed);
        Assert.Single(await system.Simulator.SendingsAsync(shop.Account));

        var other = new JsonObject { ["payment_method"] = Bodies.Payment()["payment_method"]!.DeepClone() };
        Assert.Equal("idempotency_mismatch", (string)(await ConfirmAsync(shop, created, other, "once")).Expect(HttpStatusCode.UnprocessableEntity)["code"]!);
    }

    [Fact]
    public async Task Of_confirmations_and_a_cancellation_at_once_one_wins()
    {
        using var shop = await system.OpenShopAsync();
        for (var round = 0; round < 10; round++)
        {
            var created = await CreateAsync(shop);
            var answers = await Task.WhenAll(ConfirmAsync(shop, created), ConfirmAsync(shop, created), CancelAsync(shop, created));
            Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
            Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => Assert.Equal("invalid_state", (string)answer.Json["code"]!));
            var status = (string)(await shop.Api.GetAsync("/payments/" + Id(created))).Json["status"]!;
            var charged = (await system.Simulator.ChargesAsync(shop.Account)).Count(charge => (string)charge["payment_id"]! == Id(created));
            Assert.Equal(status == "captured" ? 1 : 0, charged);
            Assert.Contains(status, new[] { "captured", "cancelled" });
        }
    }

    [Fact]
    public async Task The_creation_repeated_after_the_confirmation_is_answered_as_it_first_was()
    {
        using var shop = await system.OpenShopAsync();
        var body = Unconfirmed();
        var created = (await shop.Api.PostAsync("/payments", body, "order-1")).Expect(HttpStatusCode.Created);
        (await ConfirmAsync(shop, created.Json)).Expect(HttpStatusCode.OK);
        var again = await shop.Api.PostAsync("/payments", body, "order-1");
        Assert.True(again.Replayed);
        Assert.Equal(created.Text, again.Text);
    }

    [Fact]
    public async Task Without_an_answer_of_the_provider_a_confirmation_is_processing_and_found_out()
    {
        using var shop = await system.OpenShopAsync(connector => connector["timeout_ms"] = 300);
        var created = await CreateAsync(shop);
        await system.Simulator.AddFaultAsync(shop.Account, "create", "timeout_after");
        Assert.Equal("processing", (string)(await ConfirmAsync(shop, created, key: "k")).Expect(HttpStatusCode.OK)["status"]!);
        Assert.Equal("captured", (string)(await shop.OutcomeAsync(Id(created), Patience))["status"]!);
        Assert.Equal("processing", (string)(await ConfirmAsync(shop, created, key: "k")).Expect(HttpStatusCode.OK)["status"]!);
        await system.Simulator.OnlyChargeAsync(shop.Account);
    }

    private static async Task<JsonObject> CreateAsync(Shop shop, JsonObject? body = null) => await shop.PayAsync(Unconfirmed(body));

    private static JsonObject Unconfirmed(JsonObject? body = null)
    {
        body ??= Bodies.Payment();
        body["confirm"] = false;
        return body;
    }

    private static Task<ApiAnswer> ConfirmAsync(Shop shop, JsonObject payment, JsonObject? body = null, string? key = null) =>
        shop.Api.PostAsync($"/payments/{Id(payment)}/confirm", body ?? [], key);

    private static Task<ApiAnswer> CancelAsync(Shop shop, JsonObject payment) => shop.Api.PostAsync($"/payments/{Id(payment)}/cancel", new JsonObject());

    private static string Id(JsonObject payment) => (string)payment["id"]!;
}
