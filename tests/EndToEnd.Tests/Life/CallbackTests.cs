using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests.Life;

/// <summary>What the provider tells by itself: genuine, forged, old, twice, late, early and out of order.</summary>
[Collection(OneSiloWithFaults.Name)]
public sealed class CallbackTests(SystemFixture system)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_charge_whose_answer_was_lost_is_known_by_the_callback_before_anybody_asks()
    {
        using var shop = await OpenShopAsync();
        var paid = await LoseAnswerAsync(shop);
        await EndsAsync(shop, paid, "captured");
        Assert.Empty(await system.Simulator.InquiriesAsync(shop.Account));
        await system.Simulator.OnlyChargeAsync(shop.Account);
        Assert.Single(await EventsAsync(shop, paid), happened => happened == "attempt.approved");
    }

    [Fact]
    public async Task A_callback_that_comes_before_the_answer_is_the_only_outcome()
    {
        using var shop = await OpenShopAsync();
        await system.Simulator.SetCallbacksAsync(shop.Account, "early");
        var paid = await shop.PayAsync();
        Assert.Equal("captured", (string)paid["status"]!);
        Assert.Equal(["charge.noticed", "attempt.approved", "payment.caller_answered"], (await EventsAsync(shop, paid)).TakeLast(3));
        Assert.All(await system.Simulator.CallbacksAsync(shop.Account), delivery => Assert.Equal(200, (int)delivery["last_status"]!));
    }

    [Theory]
    [InlineData("duplicate")]
    [InlineData("reorder")]
    [InlineData("early")]
    public async Task Whatever_happens_to_callbacks_on_their_way_a_payment_goes_its_way_once(string mode)
    {
        using var shop = await OpenShopAsync();
        await system.Simulator.SetCallbacksAsync(shop.Account, mode);
        var body = Bodies.Payment("4000002760003184");
        body["return_url"] = "https://shop.example/";
        body["capture_method"] = "manual_multiple";
        var acting = await shop.PayAsync(body);
        await Payer.AnswerAsync(new Uri((string)acting["next_action"]!["url"]!), "complete");
        await EndsAsync(shop, acting, "authorized");
        (await CaptureAsync(shop, acting, 1000)).Expect(HttpStatusCode.OK);
        (await CaptureAsync(shop, acting)).Expect(HttpStatusCode.OK);
        await system.Simulator.SetCallbacksAsync(shop.Account, "normal");
        await QuietAsync(shop);

        var paid = (await shop.Api.GetAsync("/payments/" + Id(acting))).Json;
        Assert.Equal(("captured", 1099), ((string)paid["status"]!, (int)paid["amount_captured"]!));
        var events = await EventsAsync(shop, acting);
        Assert.Single(events, happened => happened == "attempt.authorized");
        Assert.Single(events, happened => happened == "attempt.action_required");
        Assert.Equal(2, events.Count(happened => happened == "capture.succeeded"));
        Assert.Equal(1099, (int)(await system.Simulator.OnlyChargeAsync(shop.Account))["amount_captured"]!);
    }

    [Fact]
    public async Task Callbacks_that_come_long_after_newest_first_change_nothing()
    {
        using var shop = await OpenShopAsync();
        await system.Simulator.SetCallbacksAsync(shop.Account, "hold");
        var body = Bodies.Payment();
        body["capture_method"] = "manual";
        var held = await shop.PayAsync(body);
        var captured = (await CaptureAsync(shop, held, 1000)).Expect(HttpStatusCode.OK);
        await system.Simulator.ReleaseCallbacksAsync(shop.Account, newestFirst: true);
        await QuietAsync(shop);
        Assert.Equal(captured.Text, (await shop.Api.GetAsync("/payments/" + Id(held))).Text);
    }

    [Fact]
    public async Task A_callback_that_is_sent_again_is_taken_and_changes_nothing_and_an_old_or_forged_one_is_refused()
    {
        using var shop = await OpenShopAsync();
        var paid = await LoseAnswerAsync(shop);
        await EndsAsync(shop, paid, "captured");
        await QuietAsync(shop);
        var before = await shop.Api.GetAsync("/payments/" + Id(paid));
        var told = (await system.Simulator.CallbacksAsync(shop.Account)).First(delivery => (string)delivery["type"]! == "payment_intent.succeeded");
        var genuine = (string)told["event"]!;

        await system.Simulator.ReplayCallbackAsync(shop.Account, genuine);
        await system.Simulator.ReplayCallbackAsync(shop.Account, genuine, ageSeconds: 250);
        await system.Simulator.ReplayCallbackAsync(shop.Account, genuine, ageSeconds: 350);
        await system.Simulator.ReplayCallbackAsync(shop.Account, genuine, forged: true);
        await Eventually.TrueAsync("the deliveries", Patience, async () =>
        {
            var statuses = (await system.Simulator.CallbacksAsync(shop.Account)).Where(delivery => (string)delivery["event"]! == genuine)
                .Select(delivery => (int?)delivery["last_status"]).ToList();
            return statuses.Count(status => status == 200) == 3 && statuses.Count(status => status == 401) >= 2;
        });
        Assert.Equal(before.Text, (await shop.Api.GetAsync("/payments/" + Id(paid))).Text);
    }

    [Fact]
    public async Task Forged_callbacks_have_no_effect_and_say_nothing()
    {
        using var shop = await OpenShopAsync();
        await system.Simulator.SetCallbacksAsync(shop.Account, "forge");
        var paid = await LoseAnswerAsync(shop);
        await Eventually.TrueAsync("a refusal", Patience, async () =>
            (await system.Simulator.CallbacksAsync(shop.Account)).Any(delivery => (int?)delivery["last_status"] == 401));
        var present = (await shop.Api.GetAsync("/payments/" + Id(paid))).Json;
        Assert.Equal(("processing", (int)paid["version"]!), ((string)present["status"]!, (int)present["version"]!));

        // It is asked after as if nothing had come.
        Assert.Equal("captured", (string)(await shop.Api.GetAsync($"/payments/{Id(paid)}?sync=true")).Json["status"]!);
    }

    [Fact]
    public async Task What_is_not_signed_is_refused_before_it_is_read()
    {
        using var shop = await OpenShopAsync();
        using var http = new HttpClient { BaseAddress = system.Silo.Address };
        foreach (var (path, signature, status) in new[]
        {
            ($"/api/v1/callbacks/{shop.Account}", null, HttpStatusCode.Unauthorized),
            ($"/api/v1/callbacks/{shop.Account}", "t=1,v1=00", HttpStatusCode.Unauthorized),
            ($"/api/v1/callbacks/{shop.Account}", "nonsense", HttpStatusCode.Unauthorized),
            ("/api/v1/callbacks/nobody", "t=1,v1=00", HttpStatusCode.NotFound),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("{", Encoding.UTF8, "application/json") };
            if (signature is not null) request.Headers.TryAddWithoutValidation("Stripe-Signature", signature);
            using var response = await http.SendAsync(request);
            Assert.Equal(status, response.StatusCode);
        }
    }

    [Fact]
    public async Task An_authorisation_that_ends_at_the_provider_ends_here()
    {
        using var shop = await OpenShopAsync();
        var body = Bodies.Payment();
        body["capture_method"] = "manual";
        var held = await shop.PayAsync(body);
        await system.Simulator.ExpireAsync(shop.Account);
        await EndsAsync(shop, held, "cancelled");
        var ended = (await shop.Api.GetAsync("/payments/" + Id(held))).Json;
        Assert.Equal("released_at_connector", (string)ended["last_error"]!["code"]!);
        Assert.Equal("A payment that is cancelled cannot be captured.", (string)(await CaptureAsync(shop, held)).Expect(HttpStatusCode.Conflict)["detail"]!);
    }

    [Fact]
    public async Task Of_a_capture_a_cancellation_and_the_providers_callback_at_once_one_wins()
    {
        for (var round = 0; round < 10; round++)
        {
            using var shop = await OpenShopAsync();
            await system.Simulator.SetCallbacksAsync(shop.Account, round % 2 == 0 ? "early" : "duplicate");
            var body = Bodies.Payment();
            body["capture_method"] = "manual";
            var held = await shop.PayAsync(body);
            var answers = await Task.WhenAll(
                CaptureAsync(shop, held, 600),
                shop.Api.PostAsync($"/payments/{Id(held)}/cancel", new JsonObject()),
                CaptureAsync(shop, held, 700));
            var outcome = await shop.OutcomeAsync(Id(held), Patience);
            var taken = (await system.Simulator.ChargesAsync(shop.Account)).Sum(charge => (int)charge["amount_captured"]!);
            Assert.Equal((int)outcome["amount_captured"]!, taken);
            Assert.Equal((string)outcome["status"]! == "cancelled", taken == 0);
            Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
            await QuietAsync(shop);
            Assert.Equal(outcome.ToJsonString(), (await shop.Api.GetAsync("/payments/" + Id(held))).Json.ToJsonString());
        }
    }

    // Inquiries begin so late that only a callback can be what ends a payment.
    private async Task<Shop> OpenShopAsync()
    {
        var shop = await system.OpenShopAsync(connector =>
        {
            connector["timeout_ms"] = 400;
            connector["inquiry"]!["first_after_ms"] = 60_000;
        });
        await system.Simulator.TellAsync(shop.Account, system.Silo.Address);
        return shop;
    }

    private async Task<JsonObject> LoseAnswerAsync(Shop shop)
    {
        await system.Simulator.AddFaultAsync(shop.Account, "create", "timeout_after");
        return await shop.PayAsync();
    }

    private static Task EndsAsync(Shop shop, JsonObject payment, string status) => Eventually.TrueAsync(
        $"{Id(payment)} {status}", Patience, async () => (string)(await shop.Api.GetAsync("/payments/" + Id(payment))).Json["status"]! == status);

    // Every callback has been answered.
    private Task QuietAsync(Shop shop) => Eventually.TrueAsync(
        "answered callbacks", Patience, async () => (await system.Simulator.CallbacksAsync(shop.Account)) is { Count: > 0 } all && all.All(delivery => (string)delivery["state"]! is "delivered" or "failed" or "dropped"));

    private static async Task<List<string>> EventsAsync(Shop shop, JsonObject payment) =>
        [.. (await shop.Api.GetAsync($"/payments/{Id(payment)}/traces")).Expect(HttpStatusCode.OK)["data"]!.AsArray().Select(trace => (string)trace!["event"]!)];

    private static Task<ApiAnswer> CaptureAsync(Shop shop, JsonObject payment, int? amount = null) =>
        shop.Api.PostAsync($"/payments/{Id(payment)}/capture", amount is { } some ? new JsonObject { ["amount"] = some } : []);

    private static string Id(JsonObject payment) => (string)payment["id"]!;
}
