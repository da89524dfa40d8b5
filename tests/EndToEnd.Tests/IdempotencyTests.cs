using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>A request with an idempotency key has one effect and one answer, however often it comes.</summary>
[Collection(OneSilo.Name)]
public sealed class IdempotencyTests(SystemFixture system)
{
    private const string Key = "order 1001, first try";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Fact]
    public async Task Fifty_requests_at_once_with_one_key_make_one_payment_and_one_charge()
    {
        using var shop = await system.OpenShopAsync();
        await system.Simulator.SetLatencyAsync(shop.Account, 100, 200);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => shop.Api.PostAsync("/payments", Bodies.Payment(), Key)));

        Assert.All(answers, answer => answer.Expect(HttpStatusCode.Created));
        Assert.Single(answers.Select(answer => answer.Text).Distinct(StringComparer.Ordinal));
        Assert.Single(answers, answer => !answer.Replayed);
        Assert.Equal("captured", (string)answers[0]["status"]!);
        Assert.Equal((string)answers[0]["id"]!, (string)(await system.Simulator.OnlyChargeAsync(shop.Account))["payment_id"]!);
        Assert.Single(await system.Simulator.SendingsAsync(shop.Account));
    }

    [Fact]
    public async Task Requests_without_a_key_are_payments_of_their_own()
    {
        using var shop = await system.OpenShopAsync();
        var first = await shop.PayAsync();
        var second = await shop.PayAsync();

        Assert.NotEqual((string)first["id"]!, (string)second["id"]!);
        Assert.Equal(2, (await system.Simulator.ChargesAsync(shop.Account)).Count);
    }

    [Theory]
    [InlineData("amount")]
    [InlineData("currency")]
    [InlineData("card")]
    [InlineData("metadata")]
    [InlineData("merchant_order_id")]
    public async Task Another_body_under_the_same_key_is_refused(string what)
    {
        using var shop = await system.OpenShopAsync();
        var first = (await shop.Api.PostAsync("/payments", Bodies.Payment(), Key)).Expect(HttpStatusCode.Created);
        var other = what switch
        {
            "amount" => Bodies.Payment(amount: 1100),
            "currency" => Bodies.Payment(currency: "JPY"),
            "card" => Bodies.Payment("5555555555554444"),
            _ => Bodies.Payment(),
        };
        if (what == "metadata") other["metadata"] = new JsonObject { ["k"] = "v" };
        if (what == "merchant_order_id") other["merchant_order_id"] = "another";

        JsonAssert.Problem(await shop.Api.PostAsync("/payments", other, Key), HttpStatusCode.UnprocessableEntity, "idempotency_mismatch");
        var again = (await shop.Api.PostAsync("/payments", Bodies.Payment(), Key)).Expect(HttpStatusCode.Created);
        Assert.Equal((first.Text, true), (again.Text, again.Replayed));
        await system.Simulator.OnlyChargeAsync(shop.Account);
    }

    [Fact]
    public async Task The_same_key_of_another_merchant_is_another_payment()
    {
        using var shop = await system.OpenShopAsync();
        using var other = await system.OpenShopAsync();
        var first = (await shop.Api.PostAsync("/payments", Bodies.Payment(), Key)).Expect(HttpStatusCode.Created);
        var second = (await other.Api.PostAsync("/payments", Bodies.Payment(), Key)).Expect(HttpStatusCode.Created);

        Assert.NotEqual((string)first["id"]!, (string)second["id"]!);
        Assert.False(second.Replayed);
        await system.Simulator.OnlyChargeAsync(shop.Account);
        await system.Simulator.OnlyChargeAsync(other.Account);
    }

    [Fact]
    public async Task The_order_of_members_and_white_space_do_not_matter()
    {
        using var shop = await system.OpenShopAsync();
        var body = Bodies.Payment(orderId: "o-1");
        body["metadata"] = new JsonObject { ["a"] = "1", ["b"] = "2" };
        var first = (await shop.Api.PostAsync("/payments", body, Key)).Expect(HttpStatusCode.Created);

        var again = (await shop.Api.PostTextAsync("/payments", Reversed(body)!.ToJsonString(Indented), Key)).Expect(HttpStatusCode.Created);

        Assert.Equal((first.Text, true), (again.Text, again.Replayed));
        await system.Simulator.OnlyChargeAsync(shop.Account);
    }

    [Theory]
    [InlineData("999")]
    [InlineData(null)]
    public async Task The_security_code_is_no_part_of_what_was_asked(string? cvc)
    {
        using var shop = await system.OpenShopAsync();
        var first = (await shop.Api.PostAsync("/payments", Bodies.Payment(), Key)).Expect(HttpStatusCode.Created);
        var body = Bodies.Payment();
        Bodies.CardOf(body)["cvc"] = cvc;
        var again = (await shop.Api.PostAsync("/payments", body, Key)).Expect(HttpStatusCode.Created);

        Assert.Equal((first.Text, true), (again.Text, again.Replayed));
        Assert.Single(await system.Simulator.RequestsAsync(shop.Account));
    }

    [Fact]
    public async Task A_decline_is_repeated_and_not_tried_again()
    {
        using var shop = await system.OpenShopAsync();
        await system.Simulator.AddFaultAsync(shop.Account, "create", "decline");
        var first = (await shop.Api.PostAsync("/payments", Bodies.Payment(), Key)).Expect(HttpStatusCode.Created);
        var again = (await shop.Api.PostAsync("/payments", Bodies.Payment(), Key)).Expect(HttpStatusCode.Created);

        Assert.Equal("declined", (string)first["status"]!);
        Assert.Equal((first.Text, true), (again.Text, again.Replayed));
        Assert.Single(await system.Simulator.RequestsAsync(shop.Account));
    }

    [Fact]
    public async Task A_request_that_was_refused_as_malformed_does_not_bind_its_key()
    {
        using var shop = await system.OpenShopAsync();
        JsonAssert.Problem(await shop.Api.PostAsync("/payments", Bodies.Payment(amount: 0), Key), HttpStatusCode.BadRequest, "invalid_value", "/amount");

        var corrected = (await shop.Api.PostAsync("/payments", Bodies.Payment(), Key)).Expect(HttpStatusCode.Created);
        Assert.False(corrected.Replayed);
        await system.Simulator.OnlyChargeAsync(shop.Account);
    }

    [Fact]
    public async Task A_replay_gives_the_first_answer_even_after_the_payment_has_moved_on()
    {
        using var shop = await system.OpenShopAsync(connector =>
        {
            connector["timeout_ms"] = 300;
            connector["inquiry"]!["first_after_ms"] = 100;
        });
        await system.Simulator.AddFaultAsync(shop.Account, "create", "timeout_after");
        var first = (await shop.Api.PostAsync("/payments", Bodies.Payment(), Key)).Expect(HttpStatusCode.Created);
        Assert.Equal("processing", (string)first["status"]!);

        var outcome = await shop.OutcomeAsync((string)first["id"]!, TimeSpan.FromSeconds(10));
        Assert.Equal("captured", (string)outcome["status"]!);
        var again = (await shop.Api.PostAsync("/payments", Bodies.Payment(), Key)).Expect(HttpStatusCode.Created);
        Assert.Equal((first.Text, true), (again.Text, again.Replayed));
        Assert.Equal("captured", (string)(await shop.Api.GetAsync("/payments/" + (string)first["id"]!))["status"]!);
        await system.Simulator.OnlyChargeAsync(shop.Account);
        Assert.Single(await system.Simulator.SendingsAsync(shop.Account));
    }

    private static JsonNode? Reversed(JsonNode? node) =>
        node is JsonObject members ? new JsonObject(members.Reverse().Select(member => KeyValuePair.Create(member.Key, Reversed(member.Value)))) : node?.DeepClone();
}
