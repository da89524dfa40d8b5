using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>What payments would have cost under another policy, from real decisions.</summary>
public sealed class RoutingReplayTests
{
    private const int Payments = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    // A step of four entries every 100 ms, each recorded: it lasts for seconds, and can be met in the middle.
    private static readonly (string Name, string Value)[] Slow =
        [("RoutingReplay__PageRows", "4"), ("RoutingReplay__Pause", "00:00:00.100"), ("RoutingReplay__RecordEvery", "00:00:00.010"), ("RoutingReplay__MaxQueued", "1")];

    [Fact]
    public async Task The_difference_is_the_one_that_is_computed_by_hand()
    {
        using var folder = new TemporaryFolder();
        await using var simulator = await Simulator.StartAsync();
        await using var silo = await SiloInProcess.StartAsync(folder.Path);
        using var shop = await OpenAsync(silo.Admin, simulator);
        var before = await PayAsync(shop);

        // Nothing is known of either connector, so the fee alone decides: everything goes to the cheap one, and the preferred ones are there already.
        var draft = await ResultAsync(silo.Admin, Body(shop, """{"strategy":"weighted_cost"}"""));
        Check(draft, before, payment => Fee(payment.Amount, 150, 10), "cheap");

        // By its own policy nothing changes.
        var same = await ResultAsync(silo.Admin, Body(shop, """{"strategy":"priority"}"""));
        Assert.Equal((Payments, 0, 0), ((int)same["decisions"]!, (int)same["changed"]!, same["not_comparable"]!.AsObject().Count));
        Assert.All(same["currencies"]!.AsArray(), one => Assert.Equal(0, (long)one!["fee"]!["difference"]!));

        // An offer of the dear one's: 0.5 % and nothing else. Those that prefer the other stay there.
        var offer = Body(shop, """{"strategy":"weighted_cost"}""");
        offer["fees"] = JsonNode.Parse("""{"dear":[{"method":"card","rate_bps":50}]}""");
        Check(
            await ResultAsync(silo.Admin, offer), before, payment => payment.Connector == "dear" ? Fee(payment.Amount, 50, 0) : Fee(payment.Amount, 150, 10), null);

        // Nobody else's.
        var (other, path) = (Body(shop, """{"strategy":"weighted_cost"}"""), "/merchants");
        other["merchant_id"] = (string)(await silo.Admin.PostAsync(path, Bodies.Merchant())).Expect(HttpStatusCode.Created)["id"]!;
        Assert.Equal(0, (int)(await ResultAsync(silo.Admin, other))["decisions"]!);
        other["merchant_id"] = null;
        Assert.Equal(Payments, (int)(await ResultAsync(silo.Admin, other))["decisions"]!);
    }

    [Fact]
    public async Task Killed_in_the_middle_it_ends_by_itself_with_the_same_result()
    {
        using var folder = new TemporaryFolder();
        await using var simulator = await Simulator.StartAsync();
        var port = SiloProcess.FreePort();
        List<Paid> before;
        string id;
        using (var silo = await SiloProcess.StartAsync(folder.Path, port, Slow))
        {
            using var admin = new Api(silo.Address, SiloProcess.AdminKey);
            using var shop = await OpenAsync(admin, simulator);
            before = await PayAsync(shop);
            var body = Body(shop, """{"strategy":"weighted_cost"}""");
            id = (string)(await admin.PostAsync("/routing/replay", body, "what-if")).Expect(HttpStatusCode.Accepted)["id"]!;
            var running = await Eventually.GetAsync("a replay in the middle", Patience, async () =>
                await GetAsync(admin, id) is var replay && (int)replay["progress"]!["decisions"]! >= Payments / 3 ? replay : null);
            Assert.Equal("running", (string)running["status"]!);
            Assert.InRange((int)running["progress"]!["decisions"]!, Payments / 3, Payments - 1);
            await silo.KillAsync();
        }

        using var again = await SiloProcess.StartAsync(folder.Path, port, Slow);
        using var api = new Api(again.Address, SiloProcess.AdminKey);
        var replayed = await EndedAsync(api, id);
        Assert.Equal("succeeded", (string)replayed["status"]!);
        Check(replayed["result"]!.AsObject(), before, payment => Fee(payment.Amount, 150, 10), "cheap");
    }

    [Fact]
    public async Task So_many_run_and_wait_and_a_cancelled_one_makes_room()
    {
        using var folder = new TemporaryFolder();
        await using var simulator = await Simulator.StartAsync();
        await using var silo = await SiloInProcess.StartAsync(
            folder.Path, null, [.. Slow.SelectMany(one => new[] { "--" + one.Name.Replace("__", ":", StringComparison.Ordinal), one.Value })]);
        using var shop = await OpenAsync(silo.Admin, simulator);
        await PayAsync(shop);
        var body = Body(shop, """{"strategy":"weighted_cost"}""");
        var (first, second) = (await RequestAsync(silo.Admin, body), await RequestAsync(silo.Admin, body));
        Assert.Equal("too_many_replays", (string)(await silo.Admin.PostAsync("/routing/replay", body)).Expect(HttpStatusCode.TooManyRequests)["code"]!);
        await Eventually.TrueAsync("a running replay", Patience, async () => (string)(await GetAsync(silo.Admin, first))["status"]! == "running");
        Assert.Equal("queued", (string)(await GetAsync(silo.Admin, second))["status"]!);

        var cancelled = (await silo.Admin.DeleteAsync("/routing/replay/" + first)).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("cancelled", (string)cancelled["status"]!);
        Assert.Null(cancelled["result"]);
        await Eventually.TrueAsync("the next one", Patience, async () => (string)(await GetAsync(silo.Admin, second))["status"]! == "running");
        var third = await RequestAsync(silo.Admin, body);

        // One that waits can be cancelled too.
        (await silo.Admin.DeleteAsync("/routing/replay/" + third)).Expect(HttpStatusCode.OK);
        Assert.Equal("succeeded", (string)(await EndedAsync(silo.Admin, second))["status"]!);
        (await silo.Admin.DeleteAsync("/routing/replay/" + second)).Expect(HttpStatusCode.Conflict);
        var list = (await silo.Admin.GetAsync("/routing/replay")).Expect(HttpStatusCode.OK)["data"]!.AsArray();
        Assert.Equal([third, second, first], list.Select(replay => (string)replay!["id"]!));
    }

    private static async Task<Shop> OpenAsync(Api admin, Simulator simulator)
    {
        var shop = await Shop.OpenAsync(admin, simulator, "dear", connector => Facts(connector, 1, 290, 30));
        await shop.AddConnectorAsync(admin, simulator, "cheap", connector => Facts(connector, 2, 150, 10));
        return shop;
    }

    private static void Facts(JsonObject connector, int priority, int rateBps, int fixedFee)
    {
        connector["priority"] = priority;
        connector["fees"] = new JsonArray(new JsonObject { ["method"] = "card", ["currency"] = "*", ["rate_bps"] = rateBps, ["fixed"] = fixedFee });

        // So that nothing becomes known of it.
        connector["health"]!["min_calls"] = 10_000;
    }

    // A third in JPY, a quarter with a preference for the cheap one; the others go to the dear one, which has the better priority.
    private static async Task<List<Paid>> PayAsync(Shop shop)
    {
        var paid = new List<Paid>();
        for (var number = 0; number < Payments; number++)
        {
            var (amount, currency, preferred) = (1_000 + (number * 37), number % 3 == 0 ? "JPY" : "USD", number % 4 == 0 ? "cheap" : null);
            var body = Bodies.Payment(amount: amount, currency: currency);
            body["preferred_connector"] = preferred;
            var payment = await shop.PayAsync(body);
            Assert.Equal(preferred ?? "dear", (string)payment["connector"]!);
            paid.Add(new Paid(currency, amount, preferred ?? "dear", preferred is null ? Fee(amount, 290, 30) : Fee(amount, 150, 10)));
        }

        return paid;
    }

    private static void Check(JsonObject result, List<Paid> before, Func<Paid, long> feeAfter, string? allGoTo)
    {
        Assert.Equal((before.Count, 0), ((int)result["decisions"]!, result["not_comparable"]!.AsObject().Count));
        Assert.Equal(allGoTo is null ? 0 : before.Count(payment => payment.Connector != allGoTo), (int)result["changed"]!);
        var currencies = result["currencies"]!.AsArray();
        Assert.Equal(["JPY", "USD"], currencies.Select(one => (string)one!["currency"]!));
        foreach (var currency in currencies)
        {
            var its = before.Where(payment => payment.Currency == (string)currency!["currency"]!).ToList();
            var (then, now) = (its.Sum(payment => payment.Fee), its.Sum(feeAfter));
            Assert.Equal(its.Sum(payment => payment.Amount), (long)currency!["amount"]!);
            JsonAssert.Same(new JsonObject { ["before"] = then, ["after"] = now, ["difference"] = now - then }, currency["fee"]!.AsObject());
            var moves = currency["moves"]!.AsArray();
            if (allGoTo is null)
            {
                Assert.Empty(moves);
                continue;
            }

            var moved = its.Where(payment => payment.Connector != allGoTo).ToList();
            JsonAssert.Same(
                new JsonObject
                {
                    ["from"] = "dear",
                    ["to"] = allGoTo,
                    ["decisions"] = moved.Count,
                    ["amount"] = moved.Sum(payment => payment.Amount),
                    ["fee_difference"] = moved.Sum(payment => feeAfter(payment) - payment.Fee),
                },
                Assert.Single(moves)!.AsObject());
        }
    }

    private static long Fee(long amount, int bps, int fixedFee) => (((amount * bps) + 5_000) / 10_000) + fixedFee;

    private static JsonObject Body(Shop shop, string policy) =>
        new() { ["merchant_id"] = shop.MerchantId, ["from"] = Yesterday(), ["policy"] = JsonNode.Parse(policy) };

    private static string Yesterday() => TimeProvider.System.GetUtcNow().AddDays(-1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static async Task<string> RequestAsync(Api admin, JsonObject body) => (string)(await admin.PostAsync("/routing/replay", body)).Expect(HttpStatusCode.Accepted)["id"]!;

    private static async Task<JsonObject> GetAsync(Api admin, string id) => (await admin.GetAsync("/routing/replay/" + id)).Expect(HttpStatusCode.OK).Json;

    private static Task<JsonObject> EndedAsync(Api admin, string id) => Eventually.GetAsync(
        "the end of a replay", Patience, async () => await GetAsync(admin, id) is var replay && replay["ended_at"] is not null ? replay : null);

    private static async Task<JsonObject> ResultAsync(Api admin, JsonObject body)
    {
        var replay = await EndedAsync(admin, await RequestAsync(admin, body));
        Assert.Equal("succeeded", (string)replay["status"]!);
        return replay["result"]!.AsObject();
    }

    private sealed record Paid(string Currency, long Amount, string Connector, long Fee);
}
