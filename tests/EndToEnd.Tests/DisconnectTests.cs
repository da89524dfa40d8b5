using System.Net;
using System.Text.Json.Nodes;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>Callers that do not wait for their answer.</summary>
[Collection(OneSiloWithFaults.Name)]
public sealed class DisconnectTests(SystemFixture system)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_caller_that_goes_away_does_not_cancel_the_attempt()
    {
        using var shop = await system.OpenShopAsync();
        await system.Simulator.AddFaultAsync(shop.Account, "create", "slow", delayMs: 1_000);
        using var leaving = new CancellationTokenSource();
        var call = shop.Api.PostAsync("/payments", Bodies.Payment(orderId: "left"), "left", leaving.Token);
        await Eventually.TrueAsync("a charge on its way", Patience, async () => (await system.Simulator.SendingsAsync(shop.Account)).Count == 1);

        // The attempt waits for its connector and yet can be seen.
        var seen = Assert.Single((await FindAsync(shop, "left")).OfType<JsonObject>());
        Assert.Equal("processing", (string)(await shop.Api.GetAsync("/payments/" + (string)seen["id"]!)).Expect(HttpStatusCode.OK)["status"]!);
        Assert.Empty(await system.Simulator.ChargesAsync(shop.Account));
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        var payment = await shop.OutcomeAsync((string)seen["id"]!, Patience);
        Assert.Equal("captured", (string)payment["status"]!);
        await system.Simulator.OnlyChargeAsync(shop.Account);
        var repeated = (await shop.Api.PostAsync("/payments", Bodies.Payment(orderId: "left"), "left")).Expect(HttpStatusCode.Created);
        JsonAssert.Same(payment, repeated.Json);
        Assert.True(repeated.Replayed);

        // The answer itself was taken: nobody had to ask, and nothing was sent twice.
        Assert.Single(await system.Simulator.RequestsAsync(shop.Account));
    }

    private static async Task<JsonArray> FindAsync(Shop shop, string order) =>
        (await shop.Api.GetAsync("/payments?merchant_order_id=" + order)).Expect(HttpStatusCode.OK).Json["data"]!.AsArray();
}
