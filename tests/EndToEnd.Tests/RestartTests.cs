using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>The silo stops or dies, and another start on the same data folder goes on where it was.</summary>
public sealed class RestartTests
{
    private const string Account = "restart";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task After_a_stop_everything_is_as_it_was()
    {
        using var folder = new TemporaryFolder();
        await using var simulator = await Simulator.StartAsync();
        var answers = new List<JsonObject>();
        string key;
        string list;
        Task<ApiAnswer> draining;
        await using (var silo = await SiloInProcess.StartAsync(folder.Path))
        {
            using var shop = await Shop.OpenAsync(silo.Admin, simulator, Account);
            key = shop.Key;
            for (var number = 0; number < 12; number++)
            {
                var body = Bodies.Payment(number % 3 == 0 ? "4000000000009995" : Bodies.GoodCard, orderId: string.Create(CultureInfo.InvariantCulture, $"order-{number}"));
                answers.Add((await shop.Api.PostAsync("/payments", body, (string)body["merchant_order_id"]!)).Expect(HttpStatusCode.Created).Json);
            }

            list = await ListAsync(shop.Api);

            // A stop waits for what is on its way.
            await simulator.AddFaultAsync(Account, "create", "slow", delayMs: 1_000);
            draining = silo.Admin.As(key).PostAsync("/payments", Bodies.Payment(amount: 777));
            await Eventually.TrueAsync("a charge on its way", Patience, async () => (await simulator.SendingsAsync(Account)).Count == 13);
        }

        Assert.Equal("captured", (string)(await draining).Expect(HttpStatusCode.Created)["status"]!);
        answers.Add((await draining).Json);

        await using var again = await SiloInProcess.StartAsync(folder.Path);
        using var api = again.Admin.As(key);
        foreach (var answer in answers)
        {
            JsonAssert.Same(answer, (await api.GetAsync("/payments/" + (string)answer["id"]!)).Expect(HttpStatusCode.OK).Json);
        }

        var repeated = (await api.PostAsync("/payments", Bodies.Payment(orderId: "order-1"), "order-1")).Expect(HttpStatusCode.Created);
        Assert.True(repeated.Replayed);
        JsonAssert.Same(answers[1], repeated.Json);
        Assert.EndsWith(list, await ListAsync(api), StringComparison.Ordinal);
        Assert.Equal("captured", (string)(await api.PostAsync("/payments", Bodies.Payment())).Expect(HttpStatusCode.Created)["status"]!);
        Assert.Equal(8 + 2, (await simulator.ChargesAsync(Account)).Count);
    }

    [Fact]
    public async Task An_attempt_that_was_open_at_a_crash_is_resolved_by_the_next_start_though_nobody_asks()
    {
        using var folder = new TemporaryFolder();
        await using var simulator = await Simulator.StartAsync();
        var port = SiloProcess.FreePort();
        string key;
        using (var silo = await SiloProcess.StartAsync(folder.Path, port))
        {
            using var admin = new Api(silo.Address, SiloProcess.AdminKey);
            using var shop = await Shop.OpenAsync(admin, simulator, Account, connector => connector["timeout_ms"] = 20_000);
            key = shop.Key;

            // The charge happens and its answer never comes; the caller waits when the silo dies.
            await simulator.AddFaultAsync(Account, "create", "timeout_after");
            var call = shop.Api.PostAsync("/payments", Bodies.Payment(orderId: "open"));
            await Eventually.TrueAsync("a charge", Patience, async () => (await simulator.ChargesAsync(Account)).Count == 1);
            await silo.KillAsync();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => call);
        }

        using var next = await SiloProcess.StartAsync(folder.Path, port, ("Sweeper__Interval", "00:00:02"));
        using var api = new Api(next.Address, key);

        // The list is read from the database and wakes nobody.
        var payment = await Eventually.GetAsync("an outcome", Patience, async () =>
        {
            var found = (await api.GetAsync("/payments?merchant_order_id=open")).Expect(HttpStatusCode.OK)["data"]!.AsArray();
            return found is [var only] && (string)only!["status"]! != "processing" ? only.AsObject() : null;
        });
        Assert.Equal("captured", (string)payment["status"]!);
        Assert.Equal((string)(await simulator.OnlyChargeAsync(Account))["id"]!, (string)payment["connector_reference"]!);
        Assert.Single(await simulator.SendingsAsync(Account));
        Assert.Equal(0, await next.StopAsync(Patience));
    }

    // A repetition sends the same charge again, which is a question to the account that it was sent to, and another charge to any other.
    [Theory]
    [InlineData("create")]
    [InlineData("confirm")]
    public async Task An_attempt_that_was_open_at_a_crash_is_not_sent_to_another_account(string operation)
    {
        using var folder = new TemporaryFolder();
        await using var simulator = await Simulator.StartAsync();
        var port = SiloProcess.FreePort();
        string key;
        var (path, body) = ("/payments", Bodies.Payment());
        using (var silo = await SiloProcess.StartAsync(folder.Path, port))
        {
            using var admin = new Api(silo.Address, SiloProcess.AdminKey);
            using var shop = await Shop.OpenAsync(admin, simulator, Account, connector =>
            {
                connector["timeout_ms"] = 20_000;
                connector["inquiry"]!["not_found_final_after_seconds"] = 1;
            });
            key = shop.Key;
            if (operation == "confirm")
            {
                body["confirm"] = false;
                (path, body) = ($"/payments/{(await shop.PayAsync(body))["id"]}/confirm", []);
            }

            await simulator.AddFaultAsync(Account, "create", "timeout_after");
            var call = shop.Api.PostAsync(path, body, "once");
            await Eventually.TrueAsync("a charge", Patience, async () => (await simulator.ChargesAsync(Account)).Count == 1);
            await silo.KillAsync();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => call);
        }

        using var next = await SiloProcess.StartAsync(folder.Path, port, ("Sweeper__Interval", "01:00:00"));
        using var administrator = new Api(next.Address, SiloProcess.AdminKey);
        using var api = new Api(next.Address, key);
        await ExchangeAsync("other");
        var repeated = await api.PostAsync(path, body, "once");
        Assert.True(repeated.Status is HttpStatusCode.Created or HttpStatusCode.OK, repeated.Text);
        Assert.Equal("processing", (string)repeated["status"]!);

        // Asked there, beyond the settling window.
        await Eventually.TrueAsync("inquiries", Patience, async () =>
        {
            Assert.Equal("processing", (string)(await api.GetAsync($"/payments/{repeated["id"]}?sync=true")).Expect(HttpStatusCode.OK)["status"]!);
            return (await simulator.InquiriesAsync("other")).Count >= 4;
        });
        Assert.Empty(await simulator.SendingsAsync("other"));

        await ExchangeAsync(Account);
        await Eventually.TrueAsync(
            "the charge", Patience, async () => (string)(await api.GetAsync($"/payments/{repeated["id"]}?sync=true")).Expect(HttpStatusCode.OK)["status"]! == "captured");
        await simulator.OnlyChargeAsync(Account);
        Assert.Single(await simulator.SendingsAsync(Account));
        Assert.Equal(0, await next.StopAsync(Patience));

        async Task ExchangeAsync(string account) =>
            (await administrator.PatchAsync("/connectors/" + Account, new JsonObject
            {
                ["credentials"] = new JsonObject { ["secret_key"] = "sk_test_" + account, ["base_url"] = new Uri(simulator.Address, "/stripe/" + account).ToString() },
            })).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_capture_that_was_open_at_a_crash_is_done_once_by_the_next_start()
    {
        using var folder = new TemporaryFolder();
        await using var simulator = await Simulator.StartAsync();
        var port = SiloProcess.FreePort();
        string key, id;
        using (var silo = await SiloProcess.StartAsync(folder.Path, port))
        {
            using var admin = new Api(silo.Address, SiloProcess.AdminKey);
            using var shop = await Shop.OpenAsync(admin, simulator, Account, connector => connector["timeout_ms"] = 20_000);
            key = shop.Key;
            var body = Bodies.Payment();
            body["capture_method"] = "manual";
            id = (string)(await shop.PayAsync(body))["id"]!;

            // The capture happens and its answer never comes; the caller waits when the silo dies.
            await simulator.AddFaultAsync(Account, "capture", "timeout_after");
            var call = shop.Api.PostAsync($"/payments/{id}/capture", new JsonObject { ["amount"] = 1000 });
            await Eventually.TrueAsync("a capture", Patience, async () => (int)(await simulator.OnlyChargeAsync(Account))["amount_captured"]! == 1000);
            await silo.KillAsync();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => call);
        }

        using var next = await SiloProcess.StartAsync(folder.Path, port, ("Sweeper__Interval", "00:00:02"));
        using var api = new Api(next.Address, key);
        var payment = await Eventually.GetAsync("an outcome", Patience, async () =>
        {
            var found = (await api.GetAsync("/payments")).Expect(HttpStatusCode.OK)["data"]!.AsArray();
            return found is [var only] && (string)only!["status"]! is not ("processing" or "authorized") ? only.AsObject() : null;
        });
        Assert.Equal((id, "partially_captured", 1000), ((string)payment["id"]!, (string)payment["status"]!, (int)payment["amount_captured"]!));
        Assert.Equal(1000, (int)(await simulator.OnlyChargeAsync(Account))["amount_captured"]!);
        Assert.Equal(0, await next.StopAsync(Patience));
    }

    private static async Task<string> ListAsync(Api api)
    {
        // The filter waits for the read model.
        await api.GetAsync("/payments?merchant_order_id=any");
        var page = (await api.GetAsync("/payments?limit=100")).Expect(HttpStatusCode.OK)["data"]!.AsArray();
        return string.Concat(page.Select(payment => payment!.ToJsonString() + "\n"));
    }
}
