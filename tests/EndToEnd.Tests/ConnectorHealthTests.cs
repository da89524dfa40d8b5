using System.Net;
using System.Text.Json.Nodes;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>A connector that fails rests and comes back by itself, and what is under way there goes on.</summary>
[Collection(OneSiloWithFaults.Name)]
public sealed class ConnectorHealthTests(SystemFixture system)
{
    private const string DeclinedCard = "4000000000000002";
    private const int MinCalls = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Timeouts_open_it_traffic_moves_to_the_second_and_it_comes_back_by_itself()
    {
        using var telemetry = new TelemetryCapture();
        using var shop = await OpenShopAsync(openSeconds: 2);
        var second = await AddSecondAsync(shop);
        await system.Simulator.AddFaultAsync(shop.Account, "create", "timeout_before", times: 100);

        // At once: each waits for its own timeout.
        var lost = await Task.WhenAll(Enumerable.Range(0, MinCalls).Select(_ => shop.PayAsync()));
        Assert.All(lost, payment => Assert.Equal((shop.Account, "processing"), ((string)payment["connector"]!, (string)payment["status"]!)));
        var health = await UntilAsync(shop.Account, "open");
        Assert.Equal((0, MinCalls, MinCalls), ((double)health["success_rate"]!, (int)health["calls"]!, (int)health["failures"]!["unknown"]!));
        Assert.InRange((double)health["latency_ms"]!["p50"]!, 300, 3_000);
        Assert.NotNull(health["opened_at"]);

        // Whoever comes now is not made to wait, and nothing more is sent to the first.
        var sent = (await system.Simulator.SendingsAsync(shop.Account)).Count;
        Assert.Equal((second, "captured"), Of(await shop.PayAsync()));
        var route = await shop.Api.PostAsync("/payments/validate", Bodies.Payment());
        var first = route["routing"]!["candidates"]!.AsArray().Single(candidate => (string)candidate!["connector"]! == shop.Account)!;
        Assert.Equal((false, "circuit_open"), ((bool)first["eligible"]!, (string)first["reason"]!));
        Assert.Equal(sent, (await system.Simulator.SendingsAsync(shop.Account)).Count);

        await system.Simulator.ClearFaultsAsync(shop.Account);
        await UntilAsync(shop.Account, "half_open");
        Assert.Equal((shop.Account, "captured"), Of(await shop.PayAsync()));
        health = await UntilAsync(shop.Account, "closed");
        Assert.Equal((0, null, 0), ((int)health["calls"]!, health["opened_at"], (int)health["in_flight"]!));
        Assert.Equal((shop.Account, "captured"), Of(await shop.PayAsync()));
        Assert.Equal(
            [$"connector={shop.Account} change=closed", $"connector={shop.Account} change=opened"],
            telemetry.Seen.Where(seen => seen.StartsWith("OrleansPayments.Connectors ", StringComparison.Ordinal) && seen.Contains($"={shop.Account} ", StringComparison.Ordinal))
                .Select(seen => seen[seen.IndexOf("connector=", StringComparison.Ordinal)..]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task While_half_open_one_goes_through_and_the_others_go_to_the_second()
    {
        using var shop = await OpenShopAsync(openSeconds: 1);
        var second = await AddSecondAsync(shop);
        await OpenCircuitAsync(shop);
        await UntilAsync(shop.Account, "half_open");
        var before = (await system.Simulator.SendingsAsync(shop.Account)).Count;
        await system.Simulator.AddFaultAsync(shop.Account, "create", "slow", times: 100, delayMs: 300);

        var payments = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => shop.PayAsync()));
        Assert.Equal(1, payments.Count(payment => Of(payment) == (shop.Account, "captured")));
        Assert.Equal(7, payments.Count(payment => Of(payment) == (second, "captured")));
        Assert.Equal(before + 1, (await system.Simulator.SendingsAsync(shop.Account)).Count);
        await UntilAsync(shop.Account, "closed");
    }

    [Fact]
    public async Task A_storm_of_declines_does_not_open_it()
    {
        using var shop = await OpenShopAsync();
        for (var payment = 0; payment < 3 * MinCalls; payment++) Assert.Equal((shop.Account, "declined"), Of(await shop.PayAsync(Bodies.Payment(DeclinedCard))));

        var health = await HealthAsync(shop.Account, body => (int)body["calls"]! == 3 * MinCalls);
        Assert.Equal(("closed", 1, 0), ((string)health["state"]!, (double)health["success_rate"]!, (double)health["authorization_rate"]!));
        Assert.Equal((shop.Account, "captured"), Of(await shop.PayAsync()));
    }

    [Fact]
    public async Task What_is_under_way_goes_on_while_it_is_open()
    {
        using var shop = await OpenShopAsync(openSeconds: 600);
        var body = Bodies.Payment();
        body["capture_method"] = "manual";
        var held = await shop.PayAsync(body);
        Assert.Equal((shop.Account, "authorized"), Of(held));

        // Charged, but the answer was lost: an inquiry must find it.
        await system.Simulator.AddFaultAsync(shop.Account, "create", "reset_after");
        var charged = await shop.PayAsync();
        await OpenCircuitAsync(shop);

        var captured = (await shop.Api.PostAsync($"/payments/{held["id"]}/capture", new JsonObject())).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("captured", (string)captured["status"]!);
        Assert.Equal("captured", (string)(await shop.OutcomeAsync((string)charged["id"]!, Patience))["status"]!);

        // Without a second connector a new one fails, definitely and for now.
        var failed = await shop.PayAsync();
        Assert.Equal(
            ("failed", "connector_unavailable", "retry_later"),
            ((string)failed["status"]!, (string)failed["last_error"]!["code"]!, (string)failed["last_error"]!["advice"]!));
        Assert.Null(failed["connector"]);
        Assert.Equal("open", (string)(await HealthAsync(shop.Account, _ => true))["state"]!);
    }

    [Fact]
    public async Task A_full_connector_passes_payments_on_to_the_next()
    {
        using var shop = await OpenShopAsync(maxInFlight: 1, timeoutMs: 15_000);
        var second = await AddSecondAsync(shop);
        await system.Simulator.AddFaultAsync(shop.Account, "create", "slow", delayMs: 1_500);
        var slow = shop.PayAsync();
        await HealthAsync(shop.Account, body => (int)body["in_flight"]! == 1);

        Assert.Equal((second, "captured"), Of(await shop.PayAsync()));
        Assert.Equal((shop.Account, "captured"), Of(await slow));
        await HealthAsync(shop.Account, body => (int)body["in_flight"]! == 0);
        Assert.Equal((shop.Account, "captured"), Of(await shop.PayAsync()));
    }

    private static (string? Connector, string? Status) Of(JsonObject payment) => ((string?)payment["connector"], (string?)payment["status"]);

    private Task<Shop> OpenShopAsync(int openSeconds = 600, int maxInFlight = 100, int timeoutMs = 2_000) => system.OpenShopAsync(connector =>
    {
        connector["timeout_ms"] = timeoutMs;
        connector["max_in_flight"] = maxInFlight;
        connector["health"] = new JsonObject { ["window_seconds"] = 60, ["min_calls"] = MinCalls, ["open_below_success_rate"] = 0.5, ["open_seconds"] = openSeconds };
        connector["inquiry"] = new JsonObject { ["first_after_ms"] = 200, ["not_found_final_after_seconds"] = 60 };
    });

    private async Task<string> AddSecondAsync(Shop shop)
    {
        var name = shop.Account + "-second";
        await shop.AddConnectorAsync(system.Silo.Admin, system.Simulator, name, connector => connector["priority"] = 2);
        return name;
    }

    // Broken connections are noticed at once.
    private async Task OpenCircuitAsync(Shop shop)
    {
        await system.Simulator.AddFaultAsync(shop.Account, "create", "reset_before", times: MinCalls);
        await Task.WhenAll(Enumerable.Range(0, MinCalls).Select(_ => shop.PayAsync()));
        await HealthAsync(shop.Account, body => (string)body["state"]! != "closed");
        await system.Simulator.ClearFaultsAsync(shop.Account);
    }

    private Task<JsonObject> UntilAsync(string connector, string state) => HealthAsync(connector, body => (string)body["state"]! == state);

    private Task<JsonObject> HealthAsync(string connector, Func<JsonObject, bool> until) => Eventually.GetAsync(
        $"the health of {connector}",
        Patience,
        async () =>
        {
            var body = (await system.Silo.Admin.GetAsync($"/connectors/{connector}/health")).Expect(HttpStatusCode.OK).Json;
            return until(body) ? body : null;
        });
}
