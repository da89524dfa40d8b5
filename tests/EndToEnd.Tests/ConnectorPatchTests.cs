using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Payments;
using OrleansPayments.Routing;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>Changes of connectors that come one after the other, or again.</summary>
[Collection(OneSiloWithFaults.Name)]
public sealed class ConnectorPatchTests(SystemFixture system)
{
    // The first request dies between its record and the word to routing; its repetition is refused, as its version is gone.
    [Fact]
    public async Task A_change_binds_at_the_latest_when_its_repetition_is_answered()
    {
        using var shop = await system.OpenShopAsync();
        var second = shop.Account + "-second";
        await shop.AddConnectorAsync(system.Silo.Admin, system.Simulator, second, connector => connector["priority"] = 2);
        var journal = system.Silo.Services.GetRequiredService<IJournal>();
        var entity = "connector/" + shop.Account;
        var settings = JsonNode.Parse((await journal.LoadAsync(entity)).Single().Events.Span)![0]!["settings"]!.DeepClone().AsObject();
        settings["enabled"] = false;
        var change = new JsonArray(new JsonObject { ["type"] = "connector.settings_changed", ["settings"] = settings });
        Assert.Equal(AppendStatus.Appended, (await journal.AppendAsync(new JournalAppend(entity, 1, JsonSerializer.SerializeToUtf8Bytes(change)))).Status);

        // Its activation does not know of it and ends; routing does not either.
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await system.Silo.Admin.PatchAsync("/connectors/" + shop.Account, new JsonObject { ["priority"] = 3 })).Status);
        var repeated = await system.Silo.Admin.PatchAsync("/connectors/" + shop.Account, new JsonObject { ["status"] = "disabled", ["version"] = 1 });
        Assert.Equal((HttpStatusCode.Conflict, "version_conflict"), (repeated.Status, (string)repeated["code"]!));

        // Asked alone: the connector itself would refuse as well, after routing had chosen it.
        var routing = await system.Silo.Services.GetRequiredService<IGrainFactory>().Routing().Choose(new RoutingRequest(
            PaymentId.Parse("pay_014d2pf2dbsqqg28t5cy4trzff"), MerchantId.Parse(shop.MerchantId), Money.FromMinorUnits(1099, Currency.Parse("USD")), "card",
            PreferredConnector: null, Network: "visa", Bin: "424242", Country: "SG"));
        Assert.Equal(second, routing.Chosen);
    }

    [Fact]
    public async Task A_member_of_an_object_stays_when_another_is_changed_after_it()
    {
        using var shop = await system.OpenShopAsync();
        var before = (await system.Silo.Admin.GetAsync("/connectors/" + shop.Account)).Expect(HttpStatusCode.OK)["health"]!.AsObject();
        await PatchAsync(shop.Account, new JsonObject { ["health"] = new JsonObject { ["window_seconds"] = 71 } });
        await PatchAsync(shop.Account, new JsonObject { ["health"] = new JsonObject { ["open_seconds"] = 72 } });
        var after = (await system.Silo.Admin.GetAsync("/connectors/" + shop.Account)).Expect(HttpStatusCode.OK)["health"]!.AsObject();
        (before["window_seconds"], before["open_seconds"]) = (71, 72);
        JsonAssert.Same(before, after);
    }

    private async Task PatchAsync(string connector, JsonNode change) => (await system.Silo.Admin.PatchAsync("/connectors/" + connector, change)).Expect(HttpStatusCode.OK);
}
