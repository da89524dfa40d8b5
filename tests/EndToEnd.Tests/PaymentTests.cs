using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>One payment from the request to the provider and back.</summary>
[Collection(OneSilo.Name)]
public sealed class PaymentTests(SystemFixture system)
{
    [Fact]
    public async Task A_captured_payment_is_answered_with_every_documented_member()
    {
        using var shop = await system.OpenShopAsync();
        var before = TimeProvider.System.GetUtcNow();
        var created = await shop.Api.PostAsync("/payments", FullBody());
        created.Expect(HttpStatusCode.Created);
        Assert.False(created.Replayed);
        Assert.Equal("application/json", created.MediaType);

        var payment = created.Json;
        var id = (string)payment["id"]!;
        var charge = await system.Simulator.OnlyChargeAsync(shop.Account);
        var expected = new JsonObject
        {
            ["id"] = id,
            ["object"] = "payment",
            ["status"] = "captured",
            ["amount"] = 1099,
            ["amount_captured"] = 1099,
            ["amount_refunded"] = 0,
            ["currency"] = "USD",
            ["capture_method"] = "automatic",
            ["merchant_id"] = shop.MerchantId,
            ["merchant_order_id"] = "order-1001",
            ["customer_id"] = "cus_1",
            ["description"] = "Two tickets",
            ["connector"] = shop.Account,
            ["connector_reference"] = (string)charge["id"]!,
            ["payment_method"] = new JsonObject
            {
                ["type"] = "card",
                ["card"] = new JsonObject { ["brand"] = "visa", ["last4"] = "4242", ["bin"] = "424242", ["exp_month"] = 12, ["exp_year"] = 2035 },
            },
            ["billing"] = new JsonObject { ["country"] = "SG" },
            ["cancellation_reason"] = null,
            ["return_url"] = "https://shop.example/back",
            ["next_action"] = null,
            ["expires_at"] = null,
            ["work_item"] = null,
            ["last_error"] = null,
            ["routing"] = new JsonObject { ["decision_id"] = (string)payment["routing"]!["decision_id"]!, ["chosen"] = shop.Account },
            ["risk"] = payment["risk"]?.DeepClone(),
            ["metadata"] = new JsonObject { ["k"] = "v", ["note"] = "für Zoë ☕" },
            ["version"] = (int)payment["version"]!,
            ["created_at"] = (string)payment["created_at"]!,
            ["updated_at"] = (string)payment["updated_at"]!,
        };
        JsonAssert.Same(expected, payment);
        Assert.Matches("^pay_[0-9a-z]{26}$", id);
        Assert.NotEmpty((string)payment["routing"]!["decision_id"]!);
        Assert.True((int)payment["version"]! >= 1);
        var createdAt = TimeOf(payment, "created_at");
        Assert.InRange(createdAt, before.AddSeconds(-1), TimeProvider.System.GetUtcNow().AddSeconds(1));
        Assert.InRange(TimeOf(payment, "updated_at"), createdAt, createdAt.AddMinutes(1));

        var read = (await shop.Api.GetAsync("/payments/" + id)).Expect(HttpStatusCode.OK);
        Assert.Equal(created.Text, read.Text);
    }

    [Fact]
    public async Task The_provider_gets_the_amount_and_our_references_once()
    {
        using var shop = await system.OpenShopAsync();
        var payment = await shop.PayAsync(FullBody());

        var charge = await system.Simulator.OnlyChargeAsync(shop.Account);
        Assert.Equal(1099, (int)charge["amount"]!);
        Assert.Equal(1099, (int)charge["amount_captured"]!);
        Assert.Equal("USD", (string)charge["currency"]!);
        Assert.Equal((string)payment["id"]!, (string)charge["payment_id"]!);
        Assert.Equal((string)payment["id"]! + "-1", (string)charge["reference"]!);
        var sent = Assert.Single(await system.Simulator.RequestsAsync(shop.Account));
        Assert.Equal((string)payment["id"]! + "-1-create", (string)sent["idempotency_key"]!);
    }

    [Theory]
    [InlineData("USD", 50)]
    [InlineData("USD", 99_999_999)]
    [InlineData("JPY", 1_099)]
    [InlineData("KWD", 10_990)]
    public async Task An_amount_arrives_unchanged(string currency, int amount)
    {
        using var shop = await system.OpenShopAsync();
        var payment = await shop.PayAsync(Bodies.Payment(amount: amount, currency: currency));

        Assert.Equal("captured", (string)payment["status"]!);
        Assert.Equal(amount, (int)payment["amount_captured"]!);
        Assert.Equal(currency, (string)payment["currency"]!);
        var charge = await system.Simulator.OnlyChargeAsync(shop.Account);
        Assert.Equal((amount, currency), ((int)charge["amount_captured"]!, (string)charge["currency"]!));
    }

    [Fact]
    public async Task An_amount_that_the_provider_cannot_express_fails_and_is_not_rounded()
    {
        using var shop = await system.OpenShopAsync();
        var payment = await shop.PayAsync(Bodies.Payment(amount: 10_991, currency: "KWD"));

        AssertFailed(payment, "amount_not_supported", "do_not_retry");
        Assert.Empty(await system.Simulator.RequestsAsync(shop.Account));
    }

    [Fact]
    public async Task A_merchant_without_connectors_gets_a_failed_payment()
    {
        var merchant = (await system.Silo.Admin.PostAsync("/merchants", Bodies.Merchant("Bare"))).Expect(HttpStatusCode.Created);
        var body = Bodies.Payment();
        body["merchant_id"] = (string)merchant["id"]!;
        var payment = (await system.Silo.Admin.PostAsync("/payments", body)).Expect(HttpStatusCode.Created).Json;

        AssertFailed(payment, "no_eligible_connector", "try_other_method");
        Assert.Null(payment["connector"]);
        Assert.Null(payment["routing"]!["chosen"]);
        Assert.Equal((string)merchant["id"]!, (string)payment["merchant_id"]!);
    }

    [Fact]
    public async Task A_currency_that_no_connector_takes_fails_the_payment()
    {
        using var shop = await system.OpenShopAsync();
        AssertFailed(await shop.PayAsync(Bodies.Payment(currency: "EUR")), "no_eligible_connector", "try_other_method");
        Assert.Empty(await system.Simulator.RequestsAsync(shop.Account));
    }

    [Fact]
    public async Task A_connector_that_nobody_answers_at_fails_the_payment_and_nothing_was_sent()
    {
        var closed = new Uri($"http://127.0.0.1:{SiloProcess.FreePort()}/stripe/nobody");
        using var shop = await system.OpenShopAsync(connector => connector["credentials"]!["base_url"] = closed.ToString());
        var payment = await shop.PayAsync();

        AssertFailed(payment, "connector_unreachable", "retry_later");
        Assert.Equal(shop.Account, (string)payment["connector"]!);
        Assert.Empty(await system.Simulator.RequestsAsync(shop.Account));
    }

    [Fact]
    public async Task A_connector_that_refuses_its_credentials_fails_the_payment()
    {
        using var shop = await system.OpenShopAsync(connector => connector["credentials"]!["secret_key"] = "sk_test_wrong");

        AssertFailed(await shop.PayAsync(), "connector_credentials_refused", "retry_later");
        Assert.Empty(await system.Simulator.ChargesAsync(shop.Account));
    }

    [Fact]
    public async Task A_disabled_connector_is_not_used()
    {
        using var shop = await system.OpenShopAsync(connector => connector["enabled"] = false);
        AssertFailed(await shop.PayAsync(), "no_eligible_connector", "try_other_method");
        Assert.Empty(await system.Simulator.RequestsAsync(shop.Account));
    }

    [Fact]
    public async Task The_preferred_connector_goes_first_where_it_is_eligible()
    {
        using var shop = await system.OpenShopAsync();
        await shop.AddConnectorAsync(system.Silo.Admin, system.Simulator, shop.Account + "-second");
        await shop.AddConnectorAsync(system.Silo.Admin, system.Simulator, shop.Account + "-off", connector => connector["enabled"] = false);

        Assert.Equal(shop.Account, await ChosenAsync(null));
        Assert.Equal(shop.Account + "-second", await ChosenAsync(shop.Account + "-second"));
        Assert.Equal(shop.Account, await ChosenAsync(shop.Account + "-off"));
        Assert.Equal(shop.Account, await ChosenAsync("unheard-of"));
        Assert.Single(await system.Simulator.ChargesAsync(shop.Account + "-second"));
        Assert.Equal(3, (await system.Simulator.ChargesAsync(shop.Account)).Count);

        async Task<string> ChosenAsync(string? preferred)
        {
            var body = Bodies.Payment();
            body["preferred_connector"] = preferred;
            var payment = await shop.PayAsync(body);
            Assert.Equal("captured", (string)payment["status"]!);
            Assert.Equal((string)payment["connector"]!, (string)payment["routing"]!["chosen"]!);
            return (string)payment["connector"]!;
        }
    }

    [Fact]
    public async Task A_connector_serves_the_payment_right_after_its_creation_was_answered()
    {
        using var shop = await system.OpenShopAsync(connector => connector["priority"] = 1_000);
        for (var round = 1; round <= 10; round++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{shop.Account}-{round}");
            var priority = 1_000 - round;
            await shop.AddConnectorAsync(system.Silo.Admin, system.Simulator, name, connector => connector["priority"] = priority);
            Assert.Equal(name, (string)(await shop.PayAsync())["connector"]!);
        }
    }

    private static JsonObject FullBody()
    {
        var body = Bodies.Payment(orderId: "order-1001");
        body["description"] = "Two tickets";
        body["customer_id"] = "cus_1";
        body["capture_method"] = "automatic";
        body["confirm"] = true;
        body["return_url"] = "https://shop.example/back";
        body["metadata"] = new JsonObject { ["k"] = "v", ["note"] = "für Zoë ☕" };
        body["billing"] = new JsonObject { ["country"] = "SG" };
        body["device"] = new JsonObject { ["ip"] = "203.0.113.7" };
        Bodies.CardOf(body)["holder_name"] = "Zoë Q";
        return body;
    }

    private static void AssertFailed(JsonObject payment, string code, string advice)
    {
        Assert.Equal("failed", (string)payment["status"]!);
        Assert.Equal(0, (int)payment["amount_captured"]!);
        Assert.Equal(code, (string)payment["last_error"]!["code"]!);
        Assert.Equal(advice, (string)payment["last_error"]!["advice"]!);
        Assert.NotEmpty((string)payment["last_error"]!["message"]!);
    }

    private static DateTimeOffset TimeOf(JsonObject payment, string member)
    {
        var text = (string)payment[member]!;
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$", text);
        return DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
    }
}
