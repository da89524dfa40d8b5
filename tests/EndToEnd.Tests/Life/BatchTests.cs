using System.Net;
using System.Text.Json.Nodes;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests.Life;

/// <summary>Many payments in one request, and payments that are only looked at.</summary>
[Collection(OneSilo.Name)]
public sealed class BatchTests(SystemFixture system)
{
    [Fact]
    public async Task A_hundred_payments_in_one_request_are_each_charged_once_however_often_it_is_sent()
    {
        using var shop = await system.OpenShopAsync();
        var body = Batch(Enumerable.Range(1, 100).Select(number => Short(1_000 + number)));
        var first = (await shop.Api.PostAsync("/payments/batch", body, "batch-1")).Expect(HttpStatusCode.MultiStatus);
        var results = first["data"]!.AsArray();
        Assert.Equal(Enumerable.Range(0, 100), results.Select(result => (int)result!["index"]!));
        Assert.All(results, result => Assert.Equal((201, "captured"), ((int)result!["status"]!, (string)result["payment"]!["status"]!)));
        Assert.Equal(Enumerable.Range(1, 100).Select(number => 1_000 + number), results.Select(result => (int)result!["payment"]!["amount"]!));

        var again = (await shop.Api.PostAsync("/payments/batch", body, "batch-1")).Expect(HttpStatusCode.MultiStatus);
        Assert.True(again.Replayed);
        Assert.Equal(results.Select(IdOf), again["data"]!.AsArray().Select(IdOf));
        var charges = await system.Simulator.ChargesAsync(shop.Account);
        Assert.Equal(results.Select(IdOf).Order(), charges.Select(charge => (string)charge["payment_id"]!).Order());
    }

    [Fact]
    public async Task One_that_is_wrong_hinders_no_other()
    {
        using var shop = await system.OpenShopAsync();
        var unknown = Bodies.Payment();
        unknown["colour"] = "red";
        var body = Batch([Bodies.Payment(), Bodies.Payment(amount: 0), Bodies.Payment("4000000000000002"), unknown]);
        var results = (await shop.Api.PostAsync("/payments/batch", body)).Expect(HttpStatusCode.MultiStatus)["data"]!.AsArray();
        Assert.Equal([201, 400, 201, 400], results.Select(result => (int)result!["status"]!));
        Assert.Equal("/payments/1/amount", (string)results[1]!["error"]!["param"]!);
        Assert.Equal("declined", (string)results[2]!["payment"]!["status"]!);
        Assert.Equal(("unknown_field", "/payments/3/colour"), ((string)results[3]!["error"]!["code"]!, (string)results[3]!["error"]!["param"]!));
        await system.Simulator.OnlyChargeAsync(shop.Account);
    }

    [Fact]
    public async Task The_same_key_with_another_payment_in_it_refuses_that_one_only()
    {
        using var shop = await system.OpenShopAsync();
        var (one, two) = (Bodies.Payment(amount: 100), Bodies.Payment(amount: 200));
        (await shop.Api.PostAsync("/payments/batch", Batch([one, two]), "k")).Expect(HttpStatusCode.MultiStatus);
        var results = (await shop.Api.PostAsync("/payments/batch", Batch([one, Bodies.Payment(amount: 201)]), "k")).Expect(HttpStatusCode.MultiStatus)["data"]!.AsArray();
        Assert.Equal((201, 422), ((int)results[0]!["status"]!, (int)results[1]!["status"]!));
        Assert.Equal("idempotency_mismatch", (string)results[1]!["error"]!["code"]!);
        Assert.Equal(2, (await system.Simulator.ChargesAsync(shop.Account)).Count);
    }

    [Fact]
    public async Task A_validation_says_what_would_be_and_does_nothing()
    {
        using var shop = await system.OpenShopAsync();
        var good = (await shop.Api.PostAsync("/payments/validate", Bodies.Payment())).Expect(HttpStatusCode.OK);
        Assert.Equal((true, shop.Account), ((bool)good["valid"]!, (string)good["routing"]!["chosen"]!));

        var bad = Bodies.Payment(amount: 0, currency: "EUR");
        Bodies.CardOf(bad)["exp_month"] = 13;
        var refused = (await shop.Api.PostAsync("/payments/validate", bad)).Expect(HttpStatusCode.OK);
        Assert.False((bool)refused["valid"]!);
        var faults = refused["errors"]!.AsArray().Select(error => (string?)error!["param"]).ToList();
        Assert.Contains("/amount", faults);
        Assert.Contains("/payment_method/card/exp_month", faults);

        var nowhere = (await shop.Api.PostAsync("/payments/validate", Bodies.Payment(currency: "EUR"))).Expect(HttpStatusCode.OK);
        Assert.Equal((false, "no_eligible_connector"), ((bool)nowhere["valid"]!, (string)nowhere["errors"]![0]!["code"]!));
        Assert.Contains(nowhere["routing"]!["candidates"]!.AsArray(), candidate => (string)candidate!["connector"]! == shop.Account && (string?)candidate["reason"] is not null);

        Assert.Empty(await system.Simulator.RequestsAsync(shop.Account));
        Assert.Empty((await shop.Api.GetAsync("/payments")).Expect(HttpStatusCode.OK)["data"]!.AsArray());
    }

    private static JsonObject Batch(IEnumerable<JsonObject> payments) => new() { ["payments"] = new JsonArray([.. payments.Select(payment => payment.DeepClone())]) };

    // A hundred have to fit into the body's limit.
    private static JsonObject Short(int amount)
    {
        var payment = Bodies.Payment(amount: amount);
        payment.Remove("merchant_order_id");
        return payment;
    }

    private static string IdOf(JsonNode? result) => (string)result!["payment"]!["id"]!;
}
