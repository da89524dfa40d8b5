using System.Net;
using System.Text.Json.Nodes;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>What was changed of a connector outlives the silo.</summary>
public sealed class ConnectorRestartTests
{
    private const string Account = "changed";

    [Fact]
    public async Task Every_change_is_there_after_a_restart_and_the_creation_is_answered_as_it_first_was()
    {
        using var folder = new TemporaryFolder();
        await using var simulator = await Simulator.StartAsync();
        var creation = Bodies.Connector("other", simulator.Address, "other");
        string key;
        ApiAnswer created;
        JsonObject changed;
        await using (var silo = await SiloInProcess.StartAsync(folder.Path))
        {
            using var shop = await Shop.OpenAsync(silo.Admin, simulator, Account, connector => connector["credentials"]!["secret_key"] = "sk_test_wrong");
            key = shop.Key;
            created = (await silo.Admin.PostAsync("/connectors", creation, "other")).Expect(HttpStatusCode.Created);
            await PatchAsync(silo.Admin, "other", new JsonObject { ["priority"] = 5 });
            await PatchAsync(silo.Admin, Account, new JsonObject { ["credentials"] = Bodies.Connector(Account, simulator.Address, Account)["credentials"]!.DeepClone() });
            changed = await PatchAsync(silo.Admin, Account, new JsonObject
            {
                ["status"] = "draining",
                ["timeout_ms"] = 4_321,
                ["capabilities"] = new JsonObject
                {
                    ["networks"] = new JsonArray("visa"),
                    ["countries"] = new JsonArray("SG"),
                    ["amounts"] = new JsonArray(new JsonObject { ["currency"] = "USD", ["min"] = 50 }),
                },
                ["fees"] = new JsonArray(new JsonObject { ["network"] = "visa", ["rate_bps"] = 7, ["effective_from"] = "2026-01-01T00:00:00Z" }),
            });
            Assert.Equal("other", (string)(await shop.PayAsync())["connector"]!);
        }

        await using var again = await SiloInProcess.StartAsync(folder.Path);
        using var api = again.Admin.As(key);
        JsonAssert.Same(changed, (await again.Admin.GetAsync("/connectors/" + Account)).Expect(HttpStatusCode.OK).Json);
        var repeated = (await again.Admin.PostAsync("/connectors", creation, "other")).Expect(HttpStatusCode.Created);
        Assert.True(repeated.Replayed);
        JsonAssert.Same(created.Json, repeated.Json);

        // The repetition does not put back what was changed since.
        Assert.Equal(5, (int)(await again.Admin.GetAsync("/connectors/other")).Json["priority"]!);
        var payment = (await api.PostAsync("/payments", Bodies.Payment())).Expect(HttpStatusCode.Created).Json;
        Assert.Equal(("other", "captured"), ((string)payment["connector"]!, (string)payment["status"]!));
        var route = (await api.GetAsync($"/payments/{payment["id"]}/routing")).Expect(HttpStatusCode.OK);
        Assert.Equal("draining", (string)route["candidates"]!.AsArray().Single(one => (string)one!["connector"]! == Account)!["reason"]!);

        await PatchAsync(again.Admin, Account, new JsonObject { ["status"] = "enabled" });
        payment = (await api.PostAsync("/payments", Bodies.Payment())).Expect(HttpStatusCode.Created).Json;
        Assert.Equal((Account, "captured"), ((string)payment["connector"]!, (string)payment["status"]!));
    }

    private static async Task<JsonObject> PatchAsync(Api admin, string connector, JsonObject change) =>
        (await admin.PatchAsync("/connectors/" + connector, change)).Expect(HttpStatusCode.OK).Json;
}
