using System.Net;
using System.Text.Json.Nodes;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests.Life;

/// <summary>What nobody could find out is handed to a person, who says what became of it and why.</summary>
[Collection(OneSiloWithFaults.Name)]
public sealed class WorkItemTests(SystemFixture system)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("captured", "captured", 1099)]
    [InlineData("not_captured", "failed", 0)]
    public async Task A_charge_that_nobody_knows_of_waits_for_a_person(string resolution, string status, int captured)
    {
        using var shop = await OpenShopAsync();
        await system.Simulator.AddFaultAsync(shop.Account, "create", resolution == "captured" ? "timeout_after" : "timeout_before");
        await system.Simulator.AddFaultAsync(shop.Account, "retrieve", "http_500", times: 1_000);
        var paid = await shop.PayAsync();
        var item = await WaitForWorkItemAsync(shop, paid);
        Assert.Equal(("outcome_unknown", "captured,not_captured"), ((string)item["reason"]!, Join(item["resolutions"]!)));
        await Eventually.TrueAsync("the work list shows it", Patience, async () => (await ListAsync(shop)).SequenceEqual([Id(paid)]));

        // Only what fits what is open, only with a reason, and not by the merchant.
        var wrong = (await ResolveAsync(paid, "authorized")).Expect(HttpStatusCode.Conflict);
        Assert.Equal(("invalid_state", "/resolution"), ((string)wrong["code"]!, (string)wrong["param"]!));
        Assert.Equal(HttpStatusCode.BadRequest, (await system.Silo.Admin.PostAsync($"/payments/{Id(paid)}/resolve", new JsonObject { ["resolution"] = resolution })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await shop.Api.PostAsync($"/payments/{Id(paid)}/resolve", Word(resolution))).Status);

        var resolved = (await ResolveAsync(paid, resolution, "once")).Expect(HttpStatusCode.OK);
        Assert.Equal((status, captured, null), ((string)resolved["status"]!, (int)resolved["amount_captured"]!, resolved["work_item"]));
        Assert.Equal(resolved.Text, (await ResolveAsync(paid, resolution, "once")).Text);
        Assert.Equal("invalid_state", (string)(await ResolveAsync(paid, resolution)).Expect(HttpStatusCode.Conflict)["code"]!);
        await Eventually.TrueAsync("the work list is empty", Patience, async () => (await ListAsync(shop)).Count == 0);

        var trace = (await shop.Api.GetAsync($"/payments/{Id(paid)}/traces")).Json["data"]!.AsArray().Last(happened => (string)happened!["event"]! == "work_item.resolved")!;
        Assert.Equal(("Looked it up.", "ann"), ((string)trace["request"]!["reason"]!, (string)trace["request"]!["resolved_by"]!));
    }

    [Fact]
    public async Task A_capture_that_nobody_knows_of_waits_for_a_person()
    {
        using var shop = await OpenShopAsync();
        var body = Bodies.Payment();
        body["capture_method"] = "manual";
        var held = await shop.PayAsync(body);
        await system.Simulator.AddFaultAsync(shop.Account, "capture", "http_500", times: 1_000);
        (await shop.Api.PostAsync($"/payments/{Id(held)}/capture", new JsonObject { ["amount"] = 600 })).Expect(HttpStatusCode.OK);
        Assert.Equal("captured,not_captured", Join((await WaitForWorkItemAsync(shop, held))["resolutions"]!));
        Assert.Equal("authorized", (string)(await ResolveAsync(held, "not_captured")).Expect(HttpStatusCode.OK)["status"]!);

        await system.Simulator.ClearFaultsAsync(shop.Account);
        Assert.Equal("captured", (string)(await shop.Api.PostAsync($"/payments/{Id(held)}/capture", new JsonObject())).Expect(HttpStatusCode.OK)["status"]!);
        Assert.Equal(1099, (int)(await system.Simulator.OnlyChargeAsync(shop.Account))["amount_captured"]!);
    }

    [Fact]
    public async Task What_the_provider_says_after_all_takes_the_work_from_the_person()
    {
        using var shop = await OpenShopAsync();
        await system.Simulator.AddFaultAsync(shop.Account, "create", "timeout_after");
        await system.Simulator.AddFaultAsync(shop.Account, "retrieve", "http_500", times: 1_000);
        var paid = await shop.PayAsync();
        await WaitForWorkItemAsync(shop, paid);
        await system.Simulator.ClearFaultsAsync(shop.Account);
        var found = (await shop.Api.GetAsync($"/payments/{Id(paid)}?sync=true")).Json;
        Assert.Equal(("captured", null), ((string)found["status"]!, found["work_item"]));
        Assert.Equal(HttpStatusCode.Conflict, (await ResolveAsync(paid, "not_captured")).Status);
    }

    [Fact]
    public async Task A_charge_that_turns_up_after_the_end_is_work_for_a_person()
    {
        using var shop = await OpenShopAsync();
        await system.Simulator.AddFaultAsync(shop.Account, "create", "timeout_after");
        await system.Simulator.AddFaultAsync(shop.Account, "retrieve", "http_500", times: 1_000);
        await system.Simulator.SetCallbacksAsync(shop.Account, "hold");
        await system.Simulator.TellAsync(shop.Account, system.Silo.Address);
        var paid = await shop.PayAsync();
        await WaitForWorkItemAsync(shop, paid);
        Assert.Equal("failed", (string)(await ResolveAsync(paid, "not_captured")).Expect(HttpStatusCode.OK)["status"]!);

        // The person was wrong.
        await system.Simulator.ReleaseCallbacksAsync(shop.Account);
        Assert.Equal("charge_after_end", (string)(await WaitForWorkItemAsync(shop, paid))["reason"]!);
        var taken = (await ResolveAsync(paid, "captured")).Expect(HttpStatusCode.OK);
        Assert.Equal(("captured", 1099), ((string)taken["status"]!, (int)taken["amount_captured"]!));
    }

    private Task<Shop> OpenShopAsync() => system.OpenShopAsync(connector =>
    {
        connector["timeout_ms"] = 300;
        connector["inquiry"]!["first_after_ms"] = 100;
        connector["inquiry"]!["not_found_final_after_seconds"] = 1;
        connector["inquiry"]!["give_up_after_seconds"] = 1;
    });

    private static Task<JsonObject> WaitForWorkItemAsync(Shop shop, JsonObject payment) => Eventually.GetAsync(
        $"a work item of {Id(payment)}", Patience, async () => (await shop.Api.GetAsync("/payments/" + Id(payment))).Json["work_item"] as JsonObject);

    private async Task<List<string>> ListAsync(Shop shop) =>
        [.. (await system.Silo.Admin.GetAsync("/work_items?merchant_id=" + shop.MerchantId)).Json["data"]!.AsArray().Select(item => (string)item!["payment"]!["id"]!)];

    private Task<ApiAnswer> ResolveAsync(JsonObject payment, string resolution, string? key = null) =>
        system.Silo.Admin.PostAsync($"/payments/{Id(payment)}/resolve", Word(resolution), key);

    private static JsonObject Word(string resolution) => new() { ["resolution"] = resolution, ["reason"] = "Looked it up.", ["resolved_by"] = "ann" };

    private static string Join(JsonNode resolutions) => string.Join(',', resolutions.AsArray().Select(resolution => (string)resolution!));

    private static string Id(JsonObject payment) => (string)payment["id"]!;
}
