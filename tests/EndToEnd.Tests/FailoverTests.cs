using System.Net;
using System.Text.Json.Nodes;
using OrleansPayments.EndToEnd.Tests.Life;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>What the first connector provably did not take goes to the next in the same call; what it may have taken never does.</summary>
[Collection(OneSiloWithFaults.Name)]
public sealed class FailoverTests(SystemFixture system)
{
    // processing_error, at any connector.
    private const string SoftlyDeclined = "4000000000000119";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_refused_connection_is_captured_by_the_second_in_the_same_call()
    {
        using var shop = await OpenShopAsync(first => first["credentials"]!["base_url"] = "http://127.0.0.1:1/");
        var second = await AddAsync(shop, 2);
        var body = Bodies.Payment();
        var answer = (await shop.Api.PostAsync("/payments", body, "failover-1")).Expect(HttpStatusCode.Created);
        var paid = answer.Json;
        Assert.Equal(("captured", second, null), ((string)paid["status"]!, (string)paid["connector"]!, paid["last_error"]));
        var charge = await system.Simulator.OnlyChargeAsync(second);
        Assert.Equal((1099, (string)paid["id"]! + "-2"), ((int)charge["amount_captured"]!, (string)charge["reference"]!));

        var traces = await TracesAsync(shop, paid);
        Assert.Equal(
            [
                "payment.created", "payment.route_chosen", "attempt.started", "attempt.passed_on", "payment.route_chosen", "attempt.started", "attempt.approved",
                "payment.caller_answered",
            ],
            traces.Select(trace => (string)trace["event"]!));
        Assert.Equal((1, shop.Account, "connector_unreachable"), ((int)traces[3]["attempt"]!, (string)traces[3]["connector"]!, (string)traces[3]["error_code"]!));
        Assert.Equal((2, second), ((int)traces[6]["attempt"]!, (string)traces[6]["connector"]!));
        Assert.DoesNotContain(traces, trace => (string)trace["status"]! == "failed");

        var route = (await shop.Api.GetAsync($"/payments/{paid["id"]}/routing")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(second, (string)route["chosen"]!);
        var candidates = route["candidates"]!.AsArray().ToDictionary(candidate => (string)candidate!["connector"]!, candidate => candidate!);
        Assert.Equal((false, "not_sent"), ((bool)candidates[shop.Account]["eligible"]!, (string)candidates[shop.Account]["reason"]!));
        Assert.Equal((true, 1), ((bool)candidates[second]["eligible"]!, (int)candidates[second]["rank"]!));

        var again = (await shop.Api.PostAsync("/payments", body, "failover-1")).Expect(HttpStatusCode.Created);
        Assert.True(again.Replayed);
        JsonAssert.Same(paid, again.Json);
        await system.Simulator.OnlyChargeAsync(second);
    }

    [Fact]
    public async Task What_is_held_by_the_second_is_captured_there()
    {
        using var shop = await OpenShopAsync(first => first["credentials"]!["secret_key"] = "sk_test_nobody");
        var second = await AddAsync(shop, 2);
        var body = Bodies.Payment();
        body["capture_method"] = "manual";
        body["confirm"] = false;
        var created = await shop.PayAsync(body);
        var held = (await shop.Api.PostAsync($"/payments/{created["id"]}/confirm", new JsonObject())).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(("authorized", second), ((string)held["status"]!, (string)held["connector"]!));
        Assert.Contains(await TracesAsync(shop, held), trace => (string)trace["event"]! == "attempt.passed_on" && (string)trace["error_code"]! == "connector_credentials_refused");
        var captured = (await shop.Api.PostAsync($"/payments/{created["id"]}/capture", new JsonObject())).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("captured", (string)captured["status"]!);
        Assert.Equal(1099, (int)(await system.Simulator.OnlyChargeAsync(second))["amount_captured"]!);
        Assert.Empty(await system.Simulator.ChargesAsync(shop.Account));
    }

    [Theory]
    [InlineData("normal")]
    [InlineData("early")]
    public async Task A_soft_decline_goes_on_and_its_charge_is_given_up(string callbacks)
    {
        using var shop = await OpenShopAsync();
        var second = await AddAsync(shop, 2);
        await system.Simulator.TellAsync(shop.Account, system.Silo.Address);
        await system.Simulator.SetCallbacksAsync(shop.Account, callbacks);

        var declined = await shop.PayAsync(Bodies.Payment(SoftlyDeclined));
        Assert.Equal(("declined", second, "processing_error"), Of(declined));
        var tried = Assert.Single(await TracesAsync(shop, declined), trace => (string)trace["event"]! == "attempt.passed_on");
        Assert.Equal((1, shop.Account, "processing_error"), ((int)tried["attempt"]!, (string)tried["connector"]!, (string)tried["error_code"]!));

        // What stays open at the first is given up there, and what that tells changes nothing.
        await GivenUpAsync(shop.Account);
        await Eventually.TrueAsync("its callback", Patience, async () => (await system.Simulator.CallbacksAsync(shop.Account))
            .Any(delivery => (string)delivery["type"]! == "payment_intent.canceled" && (string)delivery["state"]! == "delivered"));
        JsonAssert.Same(declined, (await shop.Api.GetAsync("/payments/" + (string)declined["id"]!)).Json);
    }

    [Theory]
    [InlineData("processing_error", "processing_error")]
    [InlineData("try_again_later", "processing_error")]
    [InlineData("issuer_not_available", "issuer_unavailable")]
    [InlineData("do_not_honor", "card_declined")]
    public async Task A_soft_decline_is_captured_by_the_second_in_the_same_call(string decline, string code)
    {
        using var shop = await OpenShopAsync();
        var second = await AddAsync(shop, 2);
        await system.Simulator.DeclineAsync(shop.Account, decline);
        var paid = await shop.PayAsync();
        Assert.Equal(("captured", second, null), Of(paid));
        Assert.Null(paid["last_error"]);
        var charge = await system.Simulator.OnlyChargeAsync(second);
        Assert.Equal((1099, (string)paid["id"]! + "-2"), ((int)charge["amount_captured"]!, (string)charge["reference"]!));
        Assert.Empty(await system.Simulator.ChargesAsync(shop.Account));

        var traces = await TracesAsync(shop, paid);
        Assert.Equal(
            [
                "payment.created", "payment.route_chosen", "attempt.started", "attempt.passed_on", "payment.route_chosen", "attempt.started", "attempt.approved",
                "payment.caller_answered",
            ],
            traces.Select(trace => (string)trace["event"]!));
        Assert.Equal((1, shop.Account, code), ((int)traces[3]["attempt"]!, (string)traces[3]["connector"]!, (string)traces[3]["error_code"]!));
        Assert.Equal((2, second), ((int)traces[6]["attempt"]!, (string)traces[6]["connector"]!));
        Assert.DoesNotContain(traces, trace => (string)trace["status"]! == "declined");

        var route = (await shop.Api.GetAsync($"/payments/{paid["id"]}/routing")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(second, (string)route["chosen"]!);
        var candidates = route["candidates"]!.AsArray().ToDictionary(candidate => (string)candidate!["connector"]!, candidate => candidate!);
        Assert.Equal((false, "declined"), ((bool)candidates[shop.Account]["eligible"]!, (string)candidates[shop.Account]["reason"]!));
        Assert.Equal((true, 1), ((bool)candidates[second]["eligible"]!, (int)candidates[second]["rank"]!));
    }

    [Theory]
    [InlineData("capture", "captured", "captured 1099")]
    [InlineData("cancel", "cancelled", "canceled 0")]
    public async Task What_is_held_after_a_decline_is_acted_on_where_it_is_held(string operation, string status, string book)
    {
        using var shop = await OpenShopAsync();
        var second = await AddAsync(shop, 2);
        await system.Simulator.DeclineAsync(shop.Account, "issuer_not_available");
        var body = Bodies.Payment();
        body["capture_method"] = "manual";
        var held = await shop.PayAsync(body);
        Assert.Equal(("authorized", second, null), Of(held));

        var done = (await shop.Api.PostAsync($"/payments/{held["id"]}/{operation}", new JsonObject())).Expect(HttpStatusCode.OK).Json;
        Assert.Equal((status, second), ((string)done["status"]!, (string)done["connector"]!));
        var charge = await system.Simulator.OnlyChargeAsync(second);
        Assert.Equal(book, $"{charge["status"]} {charge["amount_captured"]}");
        Assert.Equal(["payment_intents", operation], (await SentAsync(second)).Select(path => path.Split('/')[^1]));

        // All that the first is asked to do is to give up what it declined.
        var intent = await GivenUpAsync(shop.Account);
        Assert.All((await SentAsync(shop.Account)).Skip(1), path => Assert.EndsWith($"/{intent}/cancel", path, StringComparison.Ordinal));
        Assert.Empty(await system.Simulator.ChargesAsync(shop.Account));
    }

    [Theory]
    [InlineData("do_not_honor", "do_not_honor", 2)]
    [InlineData("processing_error", "do_not_honor", 2)]
    [InlineData("do_not_honor", "processing_error", 3)]
    public async Task A_decline_without_a_reason_goes_on_once(string first, string second, int attempts)
    {
        using var shop = await OpenShopAsync();
        string[] connectors = [shop.Account, await AddAsync(shop, 2), await AddAsync(shop, 3)];
        await AllowAsync(shop, """{"max_attempts":3}""");
        await system.Simulator.DeclineAsync(connectors[0], first);
        await system.Simulator.DeclineAsync(connectors[1], second);

        var payment = await shop.PayAsync();
        Assert.Equal(attempts == 3 ? ("captured", connectors[2], null) : ("declined", connectors[1], "card_declined"), Of(payment));
        if (attempts == 2) Assert.Equal("do_not_honor", (string)payment["last_error"]!["connector_code"]!);
        Assert.Equal([1, 1, attempts - 2], await AttemptsAsync(connectors));
    }

    [Theory]
    [InlineData("generic_decline", "card_declined")]
    [InlineData("insufficient_funds", "insufficient_funds")]
    [InlineData("card_velocity_exceeded", "card_velocity_exceeded")]
    [InlineData("lost_card", "card_restricted")]
    [InlineData("stolen_card", "card_restricted")]
    [InlineData("fraudulent", "suspected_fraud")]
    [InlineData("expired_card", "expired_card")]
    [InlineData("incorrect_cvc", "incorrect_cvc")]
    public async Task A_hard_decline_stays(string decline, string code)
    {
        using var shop = await OpenShopAsync();
        var second = await AddAsync(shop, 2);
        await system.Simulator.DeclineAsync(shop.Account, decline);
        Assert.Equal(("declined", shop.Account, code), Of(await shop.PayAsync()));
        Assert.Empty(await system.Simulator.RequestsAsync(second));
    }

    // A declined intent stays open at Stripe: whoever has its client secret can pay it with another card.
    [Theory]
    [InlineData("captured", true)]
    [InlineData("captured", false)]
    [InlineData("declined", true)]
    [InlineData("declined", false)]
    public async Task A_declined_charge_that_is_paid_after_all_is_for_a_person(string status, bool told)
    {
        using var shop = await OpenShopAsync();
        var second = await AddAsync(shop, 2);
        if (told) await system.Simulator.TellAsync(shop.Account, system.Silo.Address);
        await system.Simulator.AddFaultAsync(shop.Account, "cancel", "http_500", times: 100);
        await system.Simulator.DeclineAsync(shop.Account, "processing_error");
        if (status == "declined") await system.Simulator.DeclineAsync(second, "processing_error");
        var payment = await shop.PayAsync();
        Assert.Equal((status, second), ((string)payment["status"]!, (string)payment["connector"]!));
        var path = "/payments/" + (string)payment["id"]!;

        var intent = await GivenUpAsync(shop.Account);
        var desk = new StripeDesk(system.Simulator, shop.Account);
        await desk.PostAsync($"payment_intents/{intent}/confirm", ("payment_method", "pm_card_visa"));
        Assert.Equal(1099, (int)(await system.Simulator.OnlyChargeAsync(shop.Account))["amount_captured"]!);

        // Told by the connector, or found out because somebody asks.
        var present = await Eventually.GetAsync("a work item", Patience, async () =>
        {
            var read = (await shop.Api.GetAsync(path + (told ? "" : "?sync=true"))).Expect(HttpStatusCode.OK).Json;
            return read["work_item"] is null ? null : read;
        });
        Assert.Equal((status, second, "charge_of_passed_attempt"), ((string)present["status"]!, (string)present["connector"]!, (string)present["work_item"]!["reason"]!));
        Assert.Equal((shop.Account, intent, 1099), ((string)present["work_item"]!["connector"]!, (string)present["work_item"]!["connector_reference"]!, (int)present["work_item"]!["amount"]!));
        await Eventually.TrueAsync("the work list", Patience, async () => (await system.Silo.Admin.GetAsync($"/work_items?merchant_id={shop.MerchantId}")).Expect(HttpStatusCode.OK)["data"]!
            .AsArray().Any(item => (string)item!["reason"]! == "charge_of_passed_attempt"));
        var surfaced = Assert.Single(await TracesAsync(shop, payment), trace => (string)trace["event"]! == "passed_charge.surfaced");
        Assert.Equal((1, shop.Account), ((int)surfaced["attempt"]!, (string)surfaced["connector"]!));

        await desk.PostAsync("refunds", ("payment_intent", intent));
        var word = new JsonObject { ["resolution"] = "captured", ["reason"] = "Refunded it there.", ["resolved_by"] = "ann" };
        (await system.Silo.Admin.PostAsync(path + "/resolve", word)).Expect(HttpStatusCode.Conflict);
        word["resolution"] = "not_captured";
        var unnamed = (await system.Silo.Admin.PostAsync(path + "/resolve", word)).Expect(HttpStatusCode.Conflict);
        Assert.Equal("/connector_reference", (string)unnamed["param"]!);
        word["connector_reference"] = intent;
        var resolved = (await system.Silo.Admin.PostAsync(path + "/resolve", word)).Expect(HttpStatusCode.OK).Json;
        Assert.Equal((status, second, null), ((string)resolved["status"]!, (string)resolved["connector"]!, resolved["work_item"]));

        // What was given back does not surface again.
        Assert.Null((await shop.Api.GetAsync(path + "?sync=true")).Expect(HttpStatusCode.OK)["work_item"]);
    }

    [Theory]
    [InlineData("timeout_before")]
    [InlineData("timeout_after")]
    [InlineData("reset_before")]
    [InlineData("reset_after")]
    [InlineData("http_500")]
    [InlineData("malformed")]
    public async Task What_may_have_been_taken_never_goes_to_the_second(string fault)
    {
        using var shop = await OpenShopAsync();
        var second = await AddAsync(shop, 2);
        await system.Simulator.AddFaultAsync(shop.Account, "create", fault);
        var payment = await shop.PayAsync();
        Assert.Equal(("processing", shop.Account, null), Of(payment));
        var outcome = await shop.OutcomeAsync((string)payment["id"]!, Patience);
        Assert.Equal(fault.EndsWith("after", StringComparison.Ordinal) ? "captured" : "failed", (string)outcome["status"]!);
        Assert.Equal(shop.Account, (string)outcome["connector"]!);
        Assert.Empty(await system.Simulator.RequestsAsync(second));
    }

    [Theory]
    [InlineData(null, 2)]
    [InlineData("""{"max_attempts":1}""", 1)]
    [InlineData("""{"max_attempts":3}""", 3)]
    [InlineData("""{"max_attempts":5}""", 3)]
    [InlineData("""{"max_attempts":3,"on_decline":false}""", 1)]
    public async Task There_are_as_many_attempts_as_the_merchant_allows(string? failover, int attempts)
    {
        using var shop = await OpenShopAsync();
        string[] connectors = [shop.Account, await AddAsync(shop, 2), await AddAsync(shop, 3)];
        if (failover is not null) await AllowAsync(shop, failover);

        Assert.Equal(("declined", connectors[attempts - 1], "processing_error"), Of(await shop.PayAsync(Bodies.Payment(SoftlyDeclined))));
        Assert.Equal(connectors.Select((_, at) => at < attempts ? 1 : 0), await AttemptsAsync(connectors));
    }

    private static (string? Status, string? Connector, string? Error) Of(JsonObject payment) =>
        ((string?)payment["status"], (string?)payment["connector"], (string?)payment["last_error"]?["code"]);

    private static async Task<List<JsonObject>> TracesAsync(Shop shop, JsonObject payment) =>
        [.. (await shop.Api.GetAsync($"/payments/{payment["id"]}/traces")).Expect(HttpStatusCode.OK)["data"]!.AsArray().Select(trace => trace!.AsObject())];

    private async Task AllowAsync(Shop shop, string failover)
    {
        var routing = new JsonObject { ["strategy"] = "priority", ["failover"] = JsonNode.Parse(failover) };
        (await system.Silo.Admin.PutAsync($"/merchants/{shop.MerchantId}/routing", routing)).Expect(HttpStatusCode.OK);
    }

    private async Task<int[]> AttemptsAsync(string[] accounts)
    {
        var sent = await Task.WhenAll(accounts.Select(SentAsync));
        return [.. sent.Select(paths => paths.Count(path => path.EndsWith("/payment_intents", StringComparison.Ordinal)))];
    }

    /// <summary>The declined intent that the account is asked to cancel, whatever it answers.</summary>
    private async Task<string> GivenUpAsync(string account)
    {
        var path = await Eventually.GetAsync("a cancellation", Patience, async () => (await SentAsync(account)).Find(path => path.EndsWith("/cancel", StringComparison.Ordinal)));
        return path.Split('/')[^2];
    }

    private async Task<List<string>> SentAsync(string account) => [.. (await system.Simulator.SendingsAsync(account)).Select(request => (string)request["path"]!)];

    private Task<Shop> OpenShopAsync(Action<JsonObject>? first = null) => system.OpenShopAsync(connector =>
    {
        Prepare(connector);
        first?.Invoke(connector);
    });

    private async Task<string> AddAsync(Shop shop, int priority)
    {
        var name = $"{shop.Account}-{priority}";
        await shop.AddConnectorAsync(system.Silo.Admin, system.Simulator, name, connector =>
        {
            Prepare(connector);
            connector["priority"] = priority;
        });
        return name;
    }

    private static void Prepare(JsonObject connector)
    {
        connector["timeout_ms"] = 500;
        connector["health"]!["min_calls"] = 1_000;
        connector["inquiry"]!["not_found_final_after_seconds"] = 1;
    }
}
