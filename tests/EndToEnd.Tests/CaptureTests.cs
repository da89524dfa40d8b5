using System.Net;
using System.Text.Json.Nodes;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>Funds that are held first: captured in full, in part, in several parts, or released; with a provider that answers, is silent, or refuses.</summary>
[Collection(OneSiloWithFaults.Name)]
public sealed class CaptureTests(SystemFixture system)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_manual_payment_is_held_until_it_is_captured()
    {
        using var shop = await OpenShopAsync();
        var held = await HoldAsync(shop, "manual");
        Assert.Equal(("authorized", 0, "manual"), ((string)held["status"]!, (int)held["amount_captured"]!, (string)held["capture_method"]!));
        Assert.Equal(0, (int)(await system.Simulator.OnlyChargeAsync(shop.Account))["amount_captured"]!);

        var captured = (await CaptureAsync(shop, held)).Expect(HttpStatusCode.OK);
        Assert.Equal(("captured", 1099), ((string)captured["status"]!, (int)captured["amount_captured"]!));
        Assert.Equal(1099, (int)(await system.Simulator.OnlyChargeAsync(shop.Account))["amount_captured"]!);
        Assert.Equal(captured.Text, (await shop.Api.GetAsync("/payments/" + Id(held))).Text);
    }

    [Fact]
    public async Task A_part_of_a_manual_payment_is_all_that_is_ever_taken()
    {
        using var shop = await OpenShopAsync();
        var held = await HoldAsync(shop, "manual");
        var captured = (await CaptureAsync(shop, held, 1000)).Expect(HttpStatusCode.OK);
        Assert.Equal(("partially_captured", 1000), ((string)captured["status"]!, (int)captured["amount_captured"]!));

        var more = (await CaptureAsync(shop, held, 1)).Expect(HttpStatusCode.Conflict);
        Assert.Equal(("invalid_state", "A payment that is partially_captured cannot be captured."), ((string)more["code"]!, (string)more["detail"]!));
        Assert.Equal(1000, (int)(await system.Simulator.OnlyChargeAsync(shop.Account))["amount_captured"]!);
    }

    [Fact]
    public async Task Several_captures_never_pass_the_amount()
    {
        using var shop = await OpenShopAsync();
        var held = await HoldAsync(shop, "manual_multiple");
        Assert.Equal("partially_captured", (string)(await CaptureAsync(shop, held, 1000)).Expect(HttpStatusCode.OK)["status"]!);

        var tooMuch = (await CaptureAsync(shop, held, 100)).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(("amount_exceeds_capturable", "/amount"), ((string)tooMuch["code"]!, (string)tooMuch["param"]!));
        Assert.Equal("captured", (string)(await CaptureAsync(shop, held)).Expect(HttpStatusCode.OK)["status"]!);
        Assert.Equal(1099, (int)(await system.Simulator.OnlyChargeAsync(shop.Account))["amount_captured"]!);
    }

    [Fact]
    public async Task A_cancellation_releases_what_is_held()
    {
        using var shop = await OpenShopAsync();
        var held = await HoldAsync(shop, "manual");
        var cancelled = (await shop.Api.PostAsync($"/payments/{Id(held)}/cancel", new JsonObject { ["reason"] = "out of stock" })).Expect(HttpStatusCode.OK);
        Assert.Equal(("cancelled", "out of stock", 0), ((string)cancelled["status"]!, (string)cancelled["cancellation_reason"]!, (int)cancelled["amount_captured"]!));
        Assert.Equal(HttpStatusCode.Conflict, (await CaptureAsync(shop, held)).Status);
        Assert.DoesNotContain(await system.Simulator.ChargesAsync(shop.Account), charge => (int)charge["amount_captured"]! > 0);
    }

    [Theory]
    [InlineData("timeout_before")]
    [InlineData("timeout_after")]
    [InlineData("reset_before")]
    [InlineData("reset_after")]
    [InlineData("http_500")]
    [InlineData("malformed")]
    public async Task A_capture_without_an_answer_is_processing_and_found_out_and_done_once(string fault)
    {
        using var shop = await OpenShopAsync();
        var held = await HoldAsync(shop, "manual");
        await system.Simulator.AddFaultAsync(shop.Account, "capture", fault);
        Assert.Equal("processing", (string)(await CaptureAsync(shop, held, 1000)).Expect(HttpStatusCode.OK)["status"]!);
        Assert.Equal(HttpStatusCode.Conflict, (await CaptureAsync(shop, held, 99)).Status);

        var outcome = await shop.OutcomeAsync(Id(held), Patience);
        Assert.Equal(("partially_captured", 1000), ((string)outcome["status"]!, (int)outcome["amount_captured"]!));
        Assert.Equal(1000, (int)(await system.Simulator.OnlyChargeAsync(shop.Account))["amount_captured"]!);
        var sent = (await system.Simulator.SendingsAsync(shop.Account)).Where(request => ((string)request["path"]!).EndsWith("/capture", StringComparison.Ordinal));
        Assert.Equal([$"{Id(held)}-1-capture-1"], sent.Select(request => (string)request["idempotency_key"]!).Distinct());
    }

    [Theory]
    [InlineData("timeout_before")]
    [InlineData("timeout_after")]
    public async Task A_cancellation_without_an_answer_is_found_out(string fault)
    {
        using var shop = await OpenShopAsync();
        var held = await HoldAsync(shop, "manual");
        await system.Simulator.AddFaultAsync(shop.Account, "cancel", fault);
        var cancelling = (await shop.Api.PostAsync($"/payments/{Id(held)}/cancel", new JsonObject())).Expect(HttpStatusCode.OK);
        Assert.Equal("processing", (string)cancelling["status"]!);
        Assert.Equal("cancelled", (string)(await shop.OutcomeAsync(Id(held), Patience))["status"]!);
    }

    [Fact]
    public async Task The_same_key_captures_once_and_answers_the_same()
    {
        using var shop = await OpenShopAsync();
        var held = await HoldAsync(shop, "manual_multiple");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CaptureAsync(shop, held, 100, "once")));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Single(answers.Select(answer => answer.Text).Distinct());
        Assert.Single(answers, answer => !answer.Replayed);
        Assert.Equal(100, (int)(await system.Simulator.OnlyChargeAsync(shop.Account))["amount_captured"]!);
        await Eventually.TrueAsync("the list shows it", Patience, async () =>
            (await shop.Api.GetAsync("/payments?status=partially_captured")).Expect(HttpStatusCode.OK)["data"]!.AsArray() is [var listed] && (int)listed!["amount_captured"]! == 100);
        Assert.Equal("idempotency_mismatch", (string)(await CaptureAsync(shop, held, 101, "once")).Expect(HttpStatusCode.UnprocessableEntity)["code"]!);
    }

    [Fact]
    public async Task Of_captures_and_a_cancellation_at_once_the_books_agree_whoever_wins()
    {
        for (var round = 0; round < 10; round++)
        {
            using var shop = await OpenShopAsync();
            var held = await HoldAsync(shop, "manual");
            var answers = await Task.WhenAll(
                CaptureAsync(shop, held, 600),
                CaptureAsync(shop, held, 700),
                shop.Api.PostAsync($"/payments/{Id(held)}/cancel", new JsonObject()));
            Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
            Assert.Equal(2, answers.Count(answer => answer.Status == HttpStatusCode.Conflict));
            var outcome = await shop.OutcomeAsync(Id(held), Patience);
            var captured = (await system.Simulator.ChargesAsync(shop.Account)).Sum(charge => (int)charge["amount_captured"]!);
            Assert.Equal((int)outcome["amount_captured"]!, captured);
            Assert.Equal((string)outcome["status"]! == "cancelled", captured == 0);
        }
    }

    [Fact]
    public async Task A_payment_that_was_taken_at_once_can_be_neither_captured_nor_cancelled()
    {
        using var shop = await OpenShopAsync();
        var taken = await shop.PayAsync();
        Assert.Equal("captured", (string)taken["status"]!);
        Assert.Equal("A payment that is captured cannot be captured.", (string)(await CaptureAsync(shop, taken)).Expect(HttpStatusCode.Conflict)["detail"]!);
        var cancel = (await shop.Api.PostAsync($"/payments/{Id(taken)}/cancel", new JsonObject())).Expect(HttpStatusCode.Conflict);
        Assert.Equal("A payment that is captured cannot be cancelled.", (string)cancel["detail"]!);
    }

    private Task<Shop> OpenShopAsync() => system.OpenShopAsync(connector =>
    {
        connector["timeout_ms"] = 300;
        connector["inquiry"]!["first_after_ms"] = 100;
        connector["inquiry"]!["not_found_final_after_seconds"] = 1;
    });

    private static async Task<JsonObject> HoldAsync(Shop shop, string captureMethod)
    {
        var body = Bodies.Payment();
        body["capture_method"] = captureMethod;
        var held = await shop.PayAsync(body);
        Assert.Equal("authorized", (string)held["status"]!);
        return held;
    }

    private static Task<ApiAnswer> CaptureAsync(Shop shop, JsonObject payment, int? amount = null, string? key = null) =>
        shop.Api.PostAsync($"/payments/{Id(payment)}/capture", amount is { } some ? new JsonObject { ["amount"] = some } : [], key);

    private static string Id(JsonObject payment) => (string)payment["id"]!;
}
