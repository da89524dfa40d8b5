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

        // As it was told to operators: measured, traced and kept.
        var told = telemetry.Seen.Where(seen => seen.StartsWith("OrleansPayments.Connectors ", StringComparison.Ordinal) && seen.Contains($"={shop.Account} ", StringComparison.Ordinal))
            .ToLookup(seen => seen.Contains("connector.circuit_changes", StringComparison.Ordinal), seen => seen[seen.IndexOf("connector=", StringComparison.Ordinal)..]);
        Assert.Equal([$"connector={shop.Account} change=closed", $"connector={shop.Account} change=opened"], told[true].Order(StringComparer.Ordinal));
        Assert.Contains($"connector={shop.Account} calls={MinCalls} success_rate=0 failures.refused=0 failures.unknown={MinCalls} failures.not_sent=0", told[false]);
        Assert.Equal(2, told[false].Count());
        var events = (await HealthAsync(shop.Account, body => body["events"]!.AsArray().Count == 2))["events"]!.AsArray();
        Assert.Equal(
            [("closed", MinCalls + 1, MinCalls, 0), ("opened", MinCalls, MinCalls, 0)],
            events.Select(happened => ((string)happened!["event"]!, (int)happened["calls"]!, (int)happened["failures"]!["unknown"]!, (int)happened["flaps"]!)));
    }

    [Fact]
    public async Task A_payments_trace_names_who_gave_no_leave()
    {
        using var shop = await OpenShopAsync(maxInFlight: 1, timeoutMs: 15_000);
        var second = await AddSecondAsync(shop);
        await system.Simulator.AddFaultAsync(shop.Account, "create", "slow", delayMs: 1_500);
        var slow = shop.PayAsync();
        await HealthAsync(shop.Account, body => (int)body["in_flight"]! == 1);
        Assert.Equal($"{shop.Account} bulkhead_full", await SkippedAsync(await shop.PayAsync()));
        Assert.Null(await SkippedAsync(await slow));

        await HealthAsync(shop.Account, body => (int)body["in_flight"]! == 0);
        await system.Simulator.AddFaultAsync(shop.Account, "create", "reset_before", times: 100);

        // One that comes before the last one's report goes to the second, and says nothing of the first.
        await HealthAsync(shop.Account, body => (string)body["state"]! == "open", () => shop.PayAsync());
        var passed = await shop.PayAsync();
        Assert.Equal((second, $"{shop.Account} circuit_open"), ((string)passed["connector"]!, await SkippedAsync(passed)));

        async Task<string?> SkippedAsync(JsonObject payment)
        {
            var traces = (await shop.Api.GetAsync($"/payments/{payment["id"]}/traces")).Expect(HttpStatusCode.OK).Json["data"]!.AsArray();
            return (string?)traces.Single(trace => (string)trace!["event"]! == "payment.route_chosen")!["request"]!["skipped"];
        }
    }

    [Fact]
    public async Task A_slow_connector_costs_more_by_the_documented_formula()
    {
        const long Amount = 1_000_000;
        using var shop = await OpenShopAsync();
        await system.Simulator.AddFaultAsync(shop.Account, "create", "slow", times: 100, delayMs: 200);
        for (var payment = 1; payment < MinCalls; payment++) await shop.PayAsync();
        Assert.Equal((5_000, 5_000, 0.95), await CostAsync());

        await shop.PayAsync(Bodies.Payment(DeclinedCard));
        var health = await HealthAsync(shop.Account, body => (int)body["calls"]! == MinCalls);
        await Eventually.TrueAsync("what was reported in the decision", Patience, async () => (await CostAsync()).SuccessRate == 0.75);
        var (time, risk, successRate) = await CostAsync();

        // The health shows tenths of a millisecond, which are one minor unit here.
        var average = (double)health["latency_ms"]!["average"]!;

        // A timer may be early by the clock's step.
        Assert.InRange(average, 190, 2_000);
        Assert.InRange(time, (Amount * 0.01 * average / 1_000) - 1, (Amount * 0.01 * average / 1_000) + 1);
        Assert.Equal((0.75, Amount * 0.1 * 0.25), ((double)health["success_rate"]! * (double)health["authorization_rate"]!, risk));
        Assert.Equal(0.75, successRate);

        async Task<(double Time, double Risk, double SuccessRate)> CostAsync()
        {
            var candidate = (await shop.Api.PostAsync("/routing/simulate", Bodies.Payment(amount: (int)Amount))).Expect(HttpStatusCode.OK).Json["candidates"]!.AsArray()
                .Single(one => (string)one!["connector"]! == shop.Account)!;
            return ((double)candidate["time"]!, (double)candidate["risk"]!, (double)candidate["success_rate"]!);
        }
    }

    [Fact]
    public async Task The_simulated_route_and_the_health_agree_about_the_state()
    {
        using var shop = await OpenShopAsync(openSeconds: 3);
        await AgreeAsync("closed", null);
        await OpenCircuitAsync(shop);
        await AgreeAsync("open", "circuit_open");
        await AgreeAsync("half_open", null);
        await shop.PayAsync();
        await AgreeAsync("closed", null);

        async Task AgreeAsync(string state, string? reason) => await Eventually.GetAsync(
            $"{state} on both sides",
            Patience,
            async () =>
            {
                var health = (await system.Silo.Admin.GetAsync($"/connectors/{shop.Account}/health")).Expect(HttpStatusCode.OK).Json;
                var candidate = (await shop.Api.PostAsync("/routing/simulate", Bodies.Payment())).Expect(HttpStatusCode.OK).Json["candidates"]!.AsArray()
                    .Single(one => (string)one!["connector"]! == shop.Account)!;
                return ((string)health["state"]!, (string?)candidate["reason"]) == (state, reason) ? health : null;
            });
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

    private Task<JsonObject> HealthAsync(string connector, Func<JsonObject, bool> until, Func<Task>? meanwhile = null) => Eventually.GetAsync(
        $"the health of {connector}",
        Patience,
        async () =>
        {
            if (meanwhile is not null) await meanwhile();
            var body = (await system.Silo.Admin.GetAsync($"/connectors/{connector}/health")).Expect(HttpStatusCode.OK).Json;
            return until(body) ? body : null;
        });
}
