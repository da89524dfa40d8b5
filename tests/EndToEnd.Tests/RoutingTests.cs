using System.Net;
using System.Text.Json.Nodes;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>A merchant's own way of routing, from its configuration to the provider.</summary>
public sealed class RoutingTests
{
    private static readonly JsonObject ByCost = new() { ["strategy"] = "weighted_cost" };

    [Fact]
    public async Task The_cheaper_connector_is_chosen_and_explained_from_the_configuration_on_and_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        await using var simulator = await Simulator.StartAsync();
        string key;
        string path;
        JsonObject explained;
        await using (var silo = await SiloInProcess.StartAsync(folder.Path))
        {
            using var shop = await Shop.OpenAsync(silo.Admin, simulator, "dear", connector => Facts(connector, 1, 290, 30));
            await shop.AddConnectorAsync(silo.Admin, simulator, "cheap", connector => Facts(connector, 2, 150, 10));
            key = shop.Key;

            var before = await shop.PayAsync();
            Assert.Equal("dear", (string)before["connector"]!);
            (await silo.Admin.PutAsync($"/merchants/{shop.MerchantId}/routing", ByCost)).Expect(HttpStatusCode.OK);
            var simulated = (await shop.Api.PostAsync("/routing/simulate", Bodies.Payment())).Expect(HttpStatusCode.OK).Json;
            Assert.Equal("cheap", (string)simulated["chosen"]!);
            Assert.Single(await simulator.ChargesAsync("dear"));

            var payment = await shop.PayAsync(Bodies.Payment(amount: 1000));
            Assert.Equal(("cheap", "captured"), ((string)payment["connector"]!, (string)payment["status"]!));
            Assert.Single(await simulator.ChargesAsync("cheap"));
            path = $"/payments/{(string)payment["id"]!}/routing";
            explained = (await shop.Api.GetAsync(path)).Expect(HttpStatusCode.OK).Json;

            // 1.5 % + 10 and 2.9 % + 30 of 1000; nothing is known of either: 500 ms, 0.95.
            JsonAssert.Same(
                new JsonObject
                {
                    ["strategy"] = "weighted_cost",
                    ["rule"] = null,
                    ["decided_at"] = (string)explained["decided_at"]!,
                    ["chosen"] = "cheap",
                    ["candidates"] = new JsonArray(Candidate("cheap", null, 25, 17, 1), Candidate("dear", "higher_cost", 59, 37.4, 2)),
                },
                explained);
            var old = (await shop.Api.GetAsync($"/payments/{(string)before["id"]!}/routing")).Expect(HttpStatusCode.OK).Json;
            Assert.Equal(("priority", "dear"), ((string)old["strategy"]!, (string)old["chosen"]!));
        }

        await using var again = await SiloInProcess.StartAsync(folder.Path);
        using var api = again.Admin.As(key);
        JsonAssert.Same(explained, (await api.GetAsync(path)).Expect(HttpStatusCode.OK).Json);
        var after = (await api.PostAsync("/payments", Bodies.Payment())).Expect(HttpStatusCode.Created).Json;
        Assert.Equal("cheap", (string)after["connector"]!);
    }

    private static void Facts(JsonObject connector, int priority, int rateBps, int fixedFee)
    {
        connector["priority"] = priority;
        connector["fees"] = new JsonArray(new JsonObject { ["method"] = "card", ["currency"] = "*", ["rate_bps"] = rateBps, ["fixed"] = fixedFee });
    }

    private static JsonObject Candidate(string name, string? reason, int fee, double cost, int rank) => new()
    {
        ["connector"] = name,
        ["eligible"] = true,
        ["reason"] = reason,
        ["fee"] = fee,
        ["time"] = 5,
        ["risk"] = 5,
        ["success_rate"] = 0.95,
        ["cost"] = cost,
        ["rank"] = rank,
    };
}
