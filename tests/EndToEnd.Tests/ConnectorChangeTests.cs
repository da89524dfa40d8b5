using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansPayments.Connectors;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>Connectors are changed while payments run.</summary>
[Collection(OneSiloWithFaults.Name)]
public sealed class ConnectorChangeTests(SystemFixture system)
{
    private const string PayerCard = "4000002760003184";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_drained_connector_takes_nothing_new_and_finishes_all_that_it_has()
    {
        using var shop = await OpenShopAsync();
        var second = await AddSecondAsync(shop);
        var toCapture = await shop.PayAsync(Held());
        var toCancel = await shop.PayAsync(Held());
        var acting = await shop.PayAsync(Acting());

        // Charged, but the answer was lost: an inquiry must find it.
        await system.Simulator.AddFaultAsync(shop.Account, "create", "reset_after");
        var lost = await shop.PayAsync();
        Assert.Equal((shop.Account, "processing"), Of(lost));
        await system.Simulator.AddFaultAsync(shop.Account, "create", "slow", delayMs: 3_000);
        var slow = shop.PayAsync();
        await HealthAsync(shop.Account, body => (int)body["in_flight"]! == 1);
        await system.Simulator.TellAsync(shop.Account, system.Silo.Address);

        var draining = await PatchAsync(shop.Account, new JsonObject { ["status"] = "draining" });
        Assert.Equal(("draining", false, 2), ((string)draining["status"]!, (bool)draining["enabled"]!, (int)draining["version"]!));
        Assert.False(slow.IsCompleted);
        var health = await HealthAsync(shop.Account, _ => true);
        Assert.Equal(("draining", "closed", 1), ((string)health["status"]!, (string)health["state"]!, (int)health["in_flight"]!));

        // Whoever comes now goes to the other one, also who prefers this.
        var preferring = Bodies.Payment();
        preferring["preferred_connector"] = shop.Account;
        foreach (var body in new[] { Bodies.Payment(), preferring })
        {
            var payment = await shop.PayAsync(body);
            Assert.Equal((second, "captured"), Of(payment));
            Assert.Equal((false, "draining"), await CandidateAsync(shop, payment, shop.Account));
        }

        Assert.Equal((shop.Account, "captured"), Of(await slow));
        Assert.Equal("captured", (string)(await OperateAsync(shop, toCapture, "capture"))["status"]!);
        Assert.Equal("cancelled", (string)(await OperateAsync(shop, toCancel, "cancel"))["status"]!);
        Assert.Equal("captured", (string)(await shop.OutcomeAsync((string)lost["id"]!, Patience))["status"]!);
        var back = await Payer.AnswerAsync(new Uri((string)acting["next_action"]!["url"]!), "complete");
        Assert.Contains("status=captured", (await Payer.OpenAsync(back)).Location!.Query, StringComparison.Ordinal);
        Assert.Equal("captured", (string)(await shop.Api.GetAsync($"/payments/{acting["id"]}")).Json["status"]!);
        await Eventually.TrueAsync(
            "callbacks that were taken in", Patience,
            async () => await system.Simulator.CallbacksAsync(shop.Account) is { Count: > 0 } callbacks && callbacks.All(one => (int?)one["last_status"] == 200));

        health = await HealthAsync(shop.Account, body => (int)body["in_flight"]! == 0);
        Assert.Equal("draining", (string)health["status"]!);
        Assert.Equal(5, (await system.Simulator.ChargesAsync(shop.Account)).Count);

        Assert.Equal("enabled", (string)(await PatchAsync(shop.Account, new JsonObject { ["enabled"] = true }))["status"]!);
        Assert.Equal((shop.Account, "captured"), Of(await shop.PayAsync()));
    }

    [Fact]
    public async Task A_disabled_connector_only_ends_what_was_begun()
    {
        using var shop = await OpenShopAsync();
        var toCapture = await shop.PayAsync(Held());
        var toCancel = await shop.PayAsync(Held());
        var acting = await shop.PayAsync(Acting());
        await system.Simulator.AddFaultAsync(shop.Account, "create", "reset_after");
        var lost = await shop.PayAsync();
        Assert.Equal("disabled", (string)(await PatchAsync(shop.Account, new JsonObject { ["enabled"] = false }))["status"]!);

        var refused = await shop.Api.PostAsync($"/payments/{toCapture["id"]}/capture", new JsonObject(), "capture");
        Assert.Equal((HttpStatusCode.Conflict, "connector_disabled"), (refused.Status, (string)refused["code"]!));
        Assert.Equal("authorized", (string)(await shop.Api.GetAsync($"/payments/{toCapture["id"]}")).Json["status"]!);
        var failed = await shop.PayAsync();
        Assert.Equal(("failed", "no_eligible_connector"), ((string)failed["status"]!, (string)failed["last_error"]!["code"]!));
        Assert.Equal((false, "disabled"), await CandidateAsync(shop, failed, shop.Account));

        Assert.Equal("cancelled", (string)(await OperateAsync(shop, toCancel, "cancel"))["status"]!);
        Assert.Equal("captured", (string)(await shop.OutcomeAsync((string)lost["id"]!, Patience))["status"]!);
        var back = await Payer.AnswerAsync(new Uri((string)acting["next_action"]!["url"]!), "complete");
        Assert.Contains("status=captured", (await Payer.OpenAsync(back)).Location!.Query, StringComparison.Ordinal);

        // The refusal has bound no key.
        await PatchAsync(shop.Account, new JsonObject { ["status"] = "draining" });
        var captured = (await shop.Api.PostAsync($"/payments/{toCapture["id"]}/capture", new JsonObject(), "capture")).Expect(HttpStatusCode.OK);
        Assert.Equal(("captured", false), ((string)captured["status"]!, captured.Replayed));
    }

    // A payment may have been routed before the change, and asks after it.
    [Theory]
    [InlineData("enabled", null, true)]
    [InlineData("draining", PermitRefusal.Draining, true)]
    [InlineData("disabled", PermitRefusal.Disabled, false)]
    public async Task The_connector_itself_gives_leave_by_its_status(string status, PermitRefusal? refusal, bool operations)
    {
        using var shop = await OpenShopAsync();
        await PatchAsync(shop.Account, new JsonObject { ["status"] = status });
        var connector = system.Silo.Services.GetRequiredService<IGrainFactory>().Connector(ConnectorName.Parse(shop.Account));
        var answer = await connector.RequestChargePermit();
        Assert.Equal((refusal, refusal is null), (answer.Refusal, answer.Permit is not null));
        Assert.Equal(refusal is null, await connector.RequestPermit(PermitPurpose.Charge) is not null);
        Assert.Equal(operations, await connector.RequestPermit(PermitPurpose.Operation) is not null);
        Assert.NotNull(await connector.RequestPermit(PermitPurpose.Inquiry));
    }

    [Fact]
    public async Task Each_change_binds_every_payment_that_starts_after_its_answer()
    {
        using var shop = await OpenShopAsync();
        var second = await AddSecondAsync(shop);
        for (var round = 0; round < 8; round++)
        {
            var status = round % 2 == 0 ? "draining" : "enabled";
            await PatchAsync(shop.Account, new JsonObject { ["status"] = status });
            var payments = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => shop.PayAsync()));
            Assert.All(payments, payment => Assert.Equal((status == "enabled" ? shop.Account : second, "captured"), Of(payment)));
        }
    }

    [Fact]
    public async Task A_fee_moves_the_choice_from_the_very_next_payment_on()
    {
        using var shop = await OpenShopAsync();
        var second = await AddSecondAsync(shop);
        (await system.Silo.Admin.PutAsync($"/merchants/{shop.MerchantId}/routing", new JsonObject { ["strategy"] = "weighted_cost", ["weights"] = Weights() })).Expect(HttpStatusCode.OK);
        Assert.Equal(shop.Account, Of(await shop.PayAsync()).Connector);

        await PatchAsync(second, Fees(new JsonObject { ["rate_bps"] = 10 }));
        Assert.Equal(second, Of(await shop.PayAsync()).Connector);

        // What begins tomorrow, is over, or is for other cards, changes nothing; what names the card's network does.
        await PatchAsync(shop.Account, Fees(
            new JsonObject { ["effective_until"] = "2026-01-01T00:00:00Z" },
            new JsonObject { ["effective_from"] = "2099-01-01T00:00:00Z" },
            new JsonObject { ["rate_bps"] = 290, ["effective_from"] = "2026-01-01T00:00:00Z", ["effective_until"] = "2099-01-01T00:00:00Z" },
            new JsonObject { ["network"] = "amex" }));
        Assert.Equal(second, Of(await shop.PayAsync()).Connector);
        await PatchAsync(shop.Account, Fees(new JsonObject { ["rate_bps"] = 290 }, new JsonObject { ["network"] = "visa", ["rate_bps"] = 1 }));
        Assert.Equal(shop.Account, Of(await shop.PayAsync()).Connector);

        var refused = await system.Silo.Admin.PatchAsync("/connectors/" + second, Fees([], []));
        Assert.Equal((HttpStatusCode.BadRequest, "/fees/1"), (refused.Status, (string)refused["param"]!));
        Assert.Equal(shop.Account, Of(await shop.PayAsync()).Connector);
    }

    [Fact]
    public async Task Credentials_are_exchanged_while_payments_are_in_flight()
    {
        using var shop = await OpenShopAsync();
        await system.Simulator.AddFaultAsync(shop.Account, "create", "slow", delayMs: 2_000);
        var slow = shop.PayAsync();
        await HealthAsync(shop.Account, body => (int)body["in_flight"]! == 1);
        var answer = await PatchAsync(shop.Account, Credentials(shop.Account, "sk_test_wrong"));
        Assert.DoesNotContain("sk_test_wrong", answer.ToJsonString(), StringComparison.Ordinal);
        Assert.False(slow.IsCompleted);

        var refused = await shop.PayAsync();
        Assert.Equal(("failed", "connector_credentials_refused"), ((string)refused["status"]!, (string)refused["last_error"]!["code"]!));
        Assert.Equal((shop.Account, "captured"), Of(await slow));
        var incomplete = await system.Silo.Admin.PatchAsync("/connectors/" + shop.Account, new JsonObject { ["credentials"] = new JsonObject { ["base_url"] = "http://127.0.0.1" } });
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "invalid_credentials"), (incomplete.Status, (string)incomplete["code"]!));

        await PatchAsync(shop.Account, Credentials(shop.Account, "sk_test_" + shop.Account));
        Assert.Equal((shop.Account, "captured"), Of(await shop.PayAsync()));
    }

    // The other account knows nothing of the charge, which proves nothing.
    [Fact]
    public async Task A_charge_is_not_given_up_because_another_account_does_not_know_it()
    {
        using var shop = await OpenShopAsync(Settle);
        var other = shop.Account + "-other";
        await system.Simulator.AddFaultAsync(shop.Account, "create", "reset_after");
        await system.Simulator.AddFaultAsync(shop.Account, "retrieve", "http_500", times: 100);
        var lost = (await shop.Api.PostAsync("/payments", Bodies.Payment(), "lost")).Expect(HttpStatusCode.Created);
        Assert.Equal((shop.Account, "processing"), Of(lost.Json));
        await PatchAsync(shop.Account, Credentials(other, "sk_test_" + other));
        await system.Simulator.ClearFaultsAsync(shop.Account);

        // Well beyond the settling window, and asked there all the time.
        var begun = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(4))
        {
            Assert.Equal("processing", (string)(await shop.Api.GetAsync($"/payments/{lost["id"]}?sync=true")).Expect(HttpStatusCode.OK)["status"]!);
            await Task.Delay(100);
        }

        Assert.True((await system.Simulator.InquiriesAsync(other)).Count >= 3);
        var again = (await shop.Api.PostAsync("/payments", Bodies.Payment(), "lost")).Expect(HttpStatusCode.Created);
        Assert.Equal((lost.Text, true), (again.Text, again.Replayed));
        Assert.Empty(await system.Simulator.SendingsAsync(other));

        await PatchAsync(shop.Account, Credentials(shop.Account, "sk_test_" + shop.Account));
        var found = await Eventually.GetAsync("an outcome", Patience, async () =>
        {
            var payment = (await shop.Api.GetAsync($"/payments/{lost["id"]}?sync=true")).Expect(HttpStatusCode.OK).Json;
            return (string)payment["status"]! == "processing" ? null : payment;
        });
        Assert.Equal((shop.Account, "captured"), Of(found));
        Assert.Equal((string)(await system.Simulator.OnlyChargeAsync(shop.Account))["id"]!, (string)found["connector_reference"]!);
        Assert.Single(await system.Simulator.SendingsAsync(shop.Account));
    }

    [Theory]
    [InlineData("created")]
    [InlineData("confirmed")]
    [InlineData("passed on")]
    public async Task An_attempt_with_exchanged_credentials_settles_as_any_other(string way)
    {
        using var shop = await OpenShopAsync(Settle);
        var last = way == "passed on" ? await AddSecondAsync(shop, Settle) : shop.Account;
        if (last != shop.Account) await PatchAsync(shop.Account, Credentials(shop.Account, "sk_test_nobody"));
        await PatchAsync(last, Credentials(last, "sk_test_" + last));
        await system.Simulator.AddFaultAsync(last, "create", "reset_before");

        var body = Bodies.Payment();
        body["confirm"] = way != "confirmed";
        var payment = await shop.PayAsync(body);
        if (way == "confirmed") payment = await OperateAsync(shop, payment, "confirm");
        Assert.Equal((last, "processing"), Of(payment));
        var failed = await shop.OutcomeAsync((string)payment["id"]!, Patience);
        Assert.Equal(("failed", "attempt_not_sent"), ((string)failed["status"]!, (string)failed["last_error"]!["code"]!));
        Assert.Empty(await system.Simulator.ChargesAsync(last));
    }

    [Fact]
    public async Task Of_changes_at_once_none_is_lost_and_of_those_to_one_version_one_wins()
    {
        using var shop = await OpenShopAsync();
        JsonObject[] changes =
        [
            new() { ["priority"] = 7 }, new() { ["timeout_ms"] = 4_321 }, new() { ["max_in_flight"] = 77 }, new() { ["status"] = "draining" },
            new() { ["health"] = new JsonObject { ["window_seconds"] = 71 } }, new() { ["health"] = new JsonObject { ["open_seconds"] = 72 } },
            new() { ["inquiry"] = new JsonObject { ["first_after_ms"] = 731 } }, new() { ["capabilities"] = new JsonObject { ["countries"] = new JsonArray("SG") } },
            new() { ["capabilities"] = new JsonObject { ["networks"] = new JsonArray("jcb") } }, Fees(new JsonObject { ["rate_bps"] = 74 }),
        ];
        await Task.WhenAll(changes.Select(change => PatchAsync(shop.Account, change)));
        var after = (await system.Silo.Admin.GetAsync("/connectors/" + shop.Account)).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(1 + changes.Length, (int)after["version"]!);
        Assert.Equal((7, 4_321, 77, "draining"), ((int)after["priority"]!, (int)after["timeout_ms"]!, (int)after["max_in_flight"]!, (string)after["status"]!));
        Assert.Equal((71, 72, 731), ((int)after["health"]!["window_seconds"]!, (int)after["health"]!["open_seconds"]!, (int)after["inquiry"]!["first_after_ms"]!));
        Assert.Equal(("SG", "jcb", 74), ((string)after["capabilities"]!["countries"]![0]!, (string)after["capabilities"]!["networks"]![0]!, (int)after["fees"]![0]!["rate_bps"]!));

        // The same again is no change.
        Assert.Equal(1 + changes.Length, (int)(await PatchAsync(shop.Account, changes[0].DeepClone()))["version"]!);

        var raced = await Task.WhenAll(Enumerable.Range(10, 8).Select(priority => system.Silo.Admin.PatchAsync(
            "/connectors/" + shop.Account, new JsonObject { ["priority"] = priority, ["version"] = 1 + changes.Length })));
        Assert.Single(raced, one => one.Status == HttpStatusCode.OK);
        Assert.Equal(7, raced.Count(one => one.Status == HttpStatusCode.Conflict && (string)one["code"]! == "version_conflict"));
    }

    [Fact]
    public async Task Countries_networks_and_amounts_decide_who_takes_a_payment()
    {
        using var shop = await OpenShopAsync(connector => connector["capabilities"] = new JsonObject
        {
            ["countries"] = new JsonArray("MY"),
            ["networks"] = new JsonArray("visa", "amex"),
            ["amounts"] = new JsonArray(new JsonObject { ["currency"] = "USD", ["min"] = 1_000, ["max"] = 2_000 }),
        });
        var second = await AddSecondAsync(shop);

        // The merchant is in Singapore.
        await ExpectAsync(Bodies.Payment(), second, "country_not_supported");
        await ExpectAsync(From("MY"), shop.Account, null);
        await ExpectAsync(From("MY", card: "5555555555554444"), second, "network_not_supported");
        await ExpectAsync(From("MY", amount: 999), second, "amount_too_small");
        await ExpectAsync(From("MY", amount: 2_001), second, "amount_too_large");
        await ExpectAsync(From("MY", amount: 2_000), shop.Account, null);

        // Kept with a payment that is confirmed later, and shown.
        var unconfirmed = From("MY");
        unconfirmed["confirm"] = false;
        var created = await shop.PayAsync(unconfirmed);
        Assert.Equal("MY", (string)created["billing"]!["country"]!);
        Assert.Equal((shop.Account, "captured"), Of((await shop.Api.PostAsync($"/payments/{created["id"]}/confirm", new JsonObject())).Expect(HttpStatusCode.OK).Json));
        var listed = await Eventually.GetAsync(
            "the payment in the list", Patience,
            async () => (await shop.Api.GetAsync("/payments")).Json["data"]!.AsArray().FirstOrDefault(one => (string)one!["id"]! == (string)created["id"]!));
        Assert.Equal("MY", (string)listed["billing"]!["country"]!);

        // A rule on the country holds for the merchant's too, where the payment tells none.
        var rule = new JsonObject { ["when"] = new JsonObject { ["country"] = new JsonArray("SG") }, ["use"] = new JsonArray(shop.Account) };
        (await system.Silo.Admin.PutAsync($"/merchants/{shop.MerchantId}/routing", new JsonObject { ["strategy"] = "rules", ["rules"] = new JsonArray(rule) })).Expect(HttpStatusCode.OK);
        await PatchAsync(shop.Account, new JsonObject { ["capabilities"] = new JsonObject { ["countries"] = new JsonArray("*") }, ["priority"] = 9 });
        Assert.Equal(shop.Account, Of(await shop.PayAsync()).Connector);
        Assert.Equal(second, Of(await shop.PayAsync(From("MY"))).Connector);

        async Task ExpectAsync(JsonObject body, string connector, string? reason)
        {
            var payment = await shop.PayAsync(body);
            Assert.Equal((connector, "captured"), Of(payment));
            Assert.Equal((reason is null, reason), await CandidateAsync(shop, payment, shop.Account));
        }
    }

    private static JsonObject From(string country, string card = Bodies.GoodCard, int amount = 1099)
    {
        var body = Bodies.Payment(card, amount);
        body["billing"] = new JsonObject { ["country"] = country };
        return body;
    }

    private static JsonObject Held()
    {
        var body = Bodies.Payment();
        body["capture_method"] = "manual";
        return body;
    }

    private static JsonObject Acting()
    {
        var body = Bodies.Payment(PayerCard);
        body["return_url"] = "https://shop.example/thanks";
        return body;
    }

    private static void Settle(JsonObject connector)
    {
        connector["inquiry"]!["first_after_ms"] = 100;
        connector["inquiry"]!["not_found_final_after_seconds"] = 1;
    }

    private static JsonObject Weights() => new() { ["fee"] = 1, ["time"] = 0, ["risk"] = 0 };

    private static JsonObject Fees(params JsonObject[] fees) => new() { ["fees"] = new JsonArray([.. fees]) };

    private JsonObject Credentials(string account, string secretKey) => new()
    {
        ["credentials"] = new JsonObject { ["secret_key"] = secretKey, ["base_url"] = new Uri(system.Simulator.Address, "/stripe/" + account).ToString() },
    };

    private static (string? Connector, string? Status) Of(JsonObject payment) => ((string?)payment["connector"], (string?)payment["status"]);

    private static async Task<(bool Eligible, string? Reason)> CandidateAsync(Shop shop, JsonObject payment, string connector)
    {
        var route = (await shop.Api.GetAsync($"/payments/{payment["id"]}/routing")).Expect(HttpStatusCode.OK);
        var candidate = route["candidates"]!.AsArray().Single(one => (string)one!["connector"]! == connector)!;
        return ((bool)candidate["eligible"]!, (string?)candidate["reason"]);
    }

    private static async Task<JsonObject> OperateAsync(Shop shop, JsonObject payment, string operation) =>
        (await shop.Api.PostAsync($"/payments/{payment["id"]}/{operation}", new JsonObject())).Expect(HttpStatusCode.OK).Json;

    // Never opens its circuit.
    private Task<Shop> OpenShopAsync(Action<JsonObject>? change = null) => system.OpenShopAsync(connector =>
    {
        connector["timeout_ms"] = 15_000;
        connector["health"]!["min_calls"] = 10_000;
        change?.Invoke(connector);
    });

    private async Task<string> AddSecondAsync(Shop shop, Action<JsonObject>? change = null)
    {
        var name = shop.Account + "-second";
        await shop.AddConnectorAsync(system.Silo.Admin, system.Simulator, name, connector =>
        {
            connector["priority"] = 2;
            change?.Invoke(connector);
        });
        return name;
    }

    private async Task<JsonObject> PatchAsync(string connector, JsonNode change) =>
        (await system.Silo.Admin.PatchAsync("/connectors/" + connector, change)).Expect(HttpStatusCode.OK).Json;

    private Task<JsonObject> HealthAsync(string connector, Func<JsonObject, bool> until) => Eventually.GetAsync(
        $"the health of {connector}",
        Patience,
        async () =>
        {
            var body = (await system.Silo.Admin.GetAsync($"/connectors/{connector}/health")).Expect(HttpStatusCode.OK).Json;
            return until(body) ? body : null;
        });
}
