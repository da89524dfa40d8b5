using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>Silence is not refusal: an attempt without an answer is asked after until its outcome is known, and never sent again.</summary>
[Collection(OneSiloWithFaults.Name)]
public sealed class UnknownOutcomeTests(SystemFixture system)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData("timeout_after")]
    [InlineData("reset_after")]
    public async Task A_charge_whose_answer_was_lost_is_captured_by_an_inquiry(string fault)
    {
        using var shop = await OpenShopAsync();
        await system.Simulator.AddFaultAsync(shop.Account, "create", fault);

        var payment = await OutcomeOfUnknownAsync(shop);

        Assert.Equal("captured", (string)payment["status"]!);
        Assert.Equal(1099, (int)payment["amount_captured"]!);
        Assert.Null(payment["last_error"]);
        var charge = await system.Simulator.OnlyChargeAsync(shop.Account);
        Assert.Equal((string)charge["id"]!, (string)payment["connector_reference"]!);
    }

    [Theory]
    [InlineData("timeout_before")]
    [InlineData("reset_before")]
    [InlineData("http_500")]
    [InlineData("malformed")]
    public async Task A_charge_that_never_happened_fails_once_the_settling_window_has_passed(string fault)
    {
        using var shop = await OpenShopAsync();
        await system.Simulator.AddFaultAsync(shop.Account, "create", fault);

        await AssertNotSentAsync(shop, await OutcomeOfUnknownAsync(shop));
    }

    [Theory]
    [InlineData("http_500")]
    [InlineData("malformed")]
    [InlineData("timeout_before")]
    [InlineData("reset_after")]
    public async Task An_inquiry_that_fails_is_repeated(string fault)
    {
        using var shop = await OpenShopAsync();
        await system.Simulator.AddFaultAsync(shop.Account, "create", "timeout_after");
        await system.Simulator.AddFaultAsync(shop.Account, "retrieve", fault, times: 2);

        Assert.Equal("captured", (string)(await OutcomeOfUnknownAsync(shop))["status"]!);
        await system.Simulator.OnlyChargeAsync(shop.Account);
        Assert.True((await system.Simulator.InquiriesAsync(shop.Account)).Count >= 3);
    }

    [Fact]
    public async Task Inquiries_that_fail_beyond_the_window_prove_nothing()
    {
        using var shop = await OpenShopAsync();
        await system.Simulator.AddFaultAsync(shop.Account, "create", "reset_after");
        await system.Simulator.AddFaultAsync(shop.Account, "retrieve", "http_500", times: 5);

        Assert.Equal("captured", (string)(await OutcomeOfUnknownAsync(shop))["status"]!);
        await system.Simulator.OnlyChargeAsync(shop.Account);
    }

    [Fact]
    public async Task Inquiries_that_fail_do_not_hide_that_nothing_was_charged()
    {
        using var shop = await OpenShopAsync();
        await system.Simulator.AddFaultAsync(shop.Account, "create", "reset_before");
        await system.Simulator.AddFaultAsync(shop.Account, "retrieve", "malformed", times: 2);

        await AssertNotSentAsync(shop, await OutcomeOfUnknownAsync(shop));
    }

    [Fact]
    public async Task An_answer_that_is_late_but_in_time_is_taken()
    {
        using var shop = await OpenShopAsync(timeoutMs: 5_000);
        await system.Simulator.AddFaultAsync(shop.Account, "create", "slow", delayMs: 500);

        Assert.Equal("captured", (string)(await shop.PayAsync())["status"]!);
        await system.Simulator.OnlyChargeAsync(shop.Account);
        Assert.Single(await system.Simulator.RequestsAsync(shop.Account));
    }

    [Fact]
    public async Task A_decline_is_an_outcome_and_not_asked_after()
    {
        using var shop = await OpenShopAsync();
        await system.Simulator.AddFaultAsync(shop.Account, "create", "decline");

        var payment = await shop.PayAsync();

        Assert.Equal("declined", (string)payment["status"]!);
        Assert.Equal("card_declined", (string)payment["last_error"]!["code"]!);
        Assert.Empty(await system.Simulator.ChargesAsync(shop.Account));
        Assert.Single(await system.Simulator.RequestsAsync(shop.Account));
    }

    [Fact]
    public async Task An_unknown_attempt_is_not_sent_to_another_connector()
    {
        using var shop = await OpenShopAsync();
        var second = shop.Account + "-second";
        await shop.AddConnectorAsync(system.Silo.Admin, system.Simulator, second);
        await system.Simulator.AddFaultAsync(shop.Account, "create", "reset_after");

        var payment = await OutcomeOfUnknownAsync(shop);

        Assert.Equal(("captured", shop.Account), ((string)payment["status"]!, (string)payment["connector"]!));
        Assert.Empty(await system.Simulator.RequestsAsync(second));
    }

    [Fact]
    public async Task A_repetition_while_the_outcome_is_unknown_does_not_send_again()
    {
        using var shop = await OpenShopAsync();
        await system.Simulator.AddFaultAsync(shop.Account, "create", "timeout_after");
        await system.Simulator.AddFaultAsync(shop.Account, "retrieve", "http_500", times: 3);
        var first = (await shop.Api.PostAsync("/payments", Bodies.Payment(), "again")).Expect(HttpStatusCode.Created);
        var again = (await shop.Api.PostAsync("/payments", Bodies.Payment(), "again")).Expect(HttpStatusCode.Created);

        Assert.Equal("processing", (string)first["status"]!);
        Assert.Equal((first.Text, true), (again.Text, again.Replayed));
        Assert.Equal("captured", (string)(await shop.OutcomeAsync((string)first["id"]!, Patience))["status"]!);
        await system.Simulator.OnlyChargeAsync(shop.Account);
        Assert.Single(await system.Simulator.SendingsAsync(shop.Account));
    }

    private Task<Shop> OpenShopAsync(int timeoutMs = 300) => system.OpenShopAsync(connector =>
    {
        connector["timeout_ms"] = timeoutMs;
        connector["inquiry"]!["first_after_ms"] = 100;
        connector["inquiry"]!["not_found_final_after_seconds"] = (int)Window.TotalSeconds;
    });

    // The caller hears processing; what is found out later was asked for and not sent.
    private async Task<JsonObject> OutcomeOfUnknownAsync(Shop shop)
    {
        var first = await shop.PayAsync();
        Assert.Equal("processing", (string)first["status"]!);
        Assert.Equal(0, (int)first["amount_captured"]!);
        Assert.Null(first["last_error"]);

        var outcome = await shop.OutcomeAsync((string)first["id"]!, Patience);
        var sent = Assert.Single(await system.Simulator.SendingsAsync(shop.Account));
        Assert.Equal((string)first["id"]! + "-1-create", (string)sent["idempotency_key"]!);
        Assert.NotEmpty(await system.Simulator.InquiriesAsync(shop.Account));
        Assert.True((int)outcome["version"]! > (int)first["version"]!);
        return outcome;
    }

    private async Task AssertNotSentAsync(Shop shop, JsonObject payment)
    {
        Assert.Equal("failed", (string)payment["status"]!);
        Assert.Equal(("attempt_not_sent", "retry_later"), ((string)payment["last_error"]!["code"]!, (string)payment["last_error"]!["advice"]!));
        Assert.True(TimeOf(payment, "updated_at") - TimeOf(payment, "created_at") >= Window, "It was called final within the settling window.");
        Assert.Empty(await system.Simulator.ChargesAsync(shop.Account));
    }

    private static DateTimeOffset TimeOf(JsonObject payment, string member) => DateTimeOffset.Parse((string)payment[member]!, CultureInfo.InvariantCulture);
}
