using System.Net;
using System.Text.Json.Nodes;
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
        await Eventually.TrueAsync("a cancellation", Patience, async () => (await SentAsync(shop.Account)).Any(path => path.EndsWith("/cancel", StringComparison.Ordinal)));
        await Eventually.TrueAsync("its callback", Patience, async () => (await system.Simulator.CallbacksAsync(shop.Account))
            .Any(delivery => (string)delivery["type"]! == "payment_intent.canceled" && (string)delivery["state"]! == "delivered"));
        JsonAssert.Same(declined, (await shop.Api.GetAsync("/payments/" + (string)declined["id"]!)).Json);
    }

    [Theory]
    [InlineData("4000000000000002", "card_declined")]
    [InlineData("4000000000009995", "insufficient_funds")]
    [InlineData("4000000000009987", "card_restricted")]
    [InlineData("4000000000009979", "card_restricted")]
    [InlineData("4000000000000069", "expired_card")]
    [InlineData("4000000000000127", "incorrect_cvc")]
    [InlineData("4000000000006975", "card_velocity_exceeded")]
    public async Task A_hard_decline_stays(string card, string code)
    {
        using var shop = await OpenShopAsync();
        var second = await AddAsync(shop, 2);
        Assert.Equal(("declined", shop.Account, code), Of(await shop.PayAsync(Bodies.Payment(card))));
        Assert.Empty(await system.Simulator.RequestsAsync(second));
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
        if (failover is not null)
        {
            var routing = new JsonObject { ["strategy"] = "priority", ["failover"] = JsonNode.Parse(failover) };
            (await system.Silo.Admin.PutAsync($"/merchants/{shop.MerchantId}/routing", routing)).Expect(HttpStatusCode.OK);
        }

        Assert.Equal(("declined", connectors[attempts - 1], "processing_error"), Of(await shop.PayAsync(Bodies.Payment(SoftlyDeclined))));
        for (var at = 0; at < connectors.Length; at++) Assert.Equal(at < attempts ? 1 : 0, (await SentAsync(connectors[at])).Count(path => path.EndsWith("/payment_intents", StringComparison.Ordinal)));
    }

    private static (string? Status, string? Connector, string? Error) Of(JsonObject payment) =>
        ((string?)payment["status"], (string?)payment["connector"], (string?)payment["last_error"]?["code"]);

    private static async Task<List<JsonObject>> TracesAsync(Shop shop, JsonObject payment) =>
        [.. (await shop.Api.GetAsync($"/payments/{payment["id"]}/traces")).Expect(HttpStatusCode.OK)["data"]!.AsArray().Select(trace => trace!.AsObject())];

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
