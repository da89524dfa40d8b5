using System.Globalization;
using System.Net;
using OrleansPayments.Testing.Support;
using Xunit.Abstractions;

namespace OrleansPayments.Crash.Tests;

/// <summary>The silo is killed in the middle of payments, again and again, and everybody's books are compared afterwards.</summary>
public sealed class KillUnderLoadTests(ITestOutputHelper output)
{
    private const int Kills = 10;
    private const int Merchants = 48;

    [Fact]
    public async Task No_acknowledged_payment_is_lost_and_none_is_charged_twice()
    {
        using var folder = new TemporaryFolder();
        await using var simulator = await Simulator.StartAsync();
        var port = SiloProcess.FreePort();
        var silo = await SiloProcess.StartAsync(folder.Path, port);
        var orders = new List<Order>();
        try
        {
            using var admin = new Api(silo.Address, SiloProcess.AdminKey);
            using var shop = await Shop.OpenAsync(admin, simulator, "crash", connector => connector["inquiry"]!["not_found_final_after_seconds"] = 120);

            // Slow enough that many attempts wait for their answer at any moment.
            await simulator.SetLatencyAsync("crash", 150, 400);
            for (var kill = 1; kill <= Kills; kill++)
            {
                var load = new Load(shop, string.Create(CultureInfo.InvariantCulture, $"kill-{kill}"), Merchants, 5_000);
                var running = load.RunAsync();

                // Another moment of the same work at each kill.
                await Eventually.TrueAsync("answered orders", TimeSpan.FromSeconds(30), () => Task.FromResult(load.Answered >= 40 + (17 * kill)));
                await silo.KillAsync();
                await running;
                silo.Dispose();
                silo = await SiloProcess.StartAsync(folder.Path, port);

                var open = await CountOpenAsync(shop, load.Orders);
                output.WriteLine($"kill {kill}: {load.Answered} acknowledged, {load.Orders.Count - load.Answered} not, {open} attempts open");
                Assert.True(open >= 10, $"Only {open} attempts were open at kill {kill}.");
                await RepeatUnansweredAsync(shop, load.Orders);
                orders.AddRange(load.Orders);
            }

            await CompareBooksAsync(shop, simulator, orders);
            Assert.Equal(0, await silo.StopAsync(TimeSpan.FromSeconds(60)));
            var cluster = Path.Combine(folder.Path, "postgres", "data");
            Assert.True(Directory.Exists(cluster), "The private PostgreSQL is not where this test looks for it.");
            Assert.False(File.Exists(Path.Combine(cluster, "postmaster.pid")), "The private PostgreSQL outlived the silo.");
        }
        catch
        {
            output.WriteLine(silo.Output);
            throw;
        }
        finally
        {
            silo.Dispose();
        }
    }

    // What the journal says right after the restart, before anybody repeats a request.
    private static async Task<int> CountOpenAsync(Shop shop, IEnumerable<Order> orders)
    {
        var open = 0;
        foreach (var order in orders.Where(order => order.Answer is null))
        {
            var found = await shop.Api.GetAsync("/payments?merchant_order_id=" + order.Key);
            open += found.Expect(HttpStatusCode.OK).Json["data"]!.AsArray().Count(payment => (string)payment!["status"]! == "processing");
        }

        return open;
    }

    private static async Task RepeatUnansweredAsync(Shop shop, IEnumerable<Order> orders)
    {
        foreach (var chunk in orders.Where(order => order.Answer is null).Chunk(16))
        {
            await Task.WhenAll(chunk.Select(async order =>
                order.Answer = (await shop.Api.PostAsync("/payments", order.Body, order.Key)).Expect(HttpStatusCode.Created).Json));
        }
    }

    private async Task CompareBooksAsync(Shop shop, Simulator simulator, List<Order> orders)
    {
        foreach (var order in orders)
        {
            var payment = await shop.OutcomeAsync((string)order.Answer!["id"]!, TimeSpan.FromSeconds(60));
            Assert.Equal("captured", (string)payment["status"]!);
            Assert.Equal((int)order.Body["amount"]!, (int)payment["amount_captured"]!);
            if ((string)order.Answer["status"]! == "captured") Assert.Equal(order.Answer.ToJsonString(), payment.ToJsonString());
        }

        var charges = await simulator.ChargesAsync("crash");
        output.WriteLine($"{orders.Count} payments, {charges.Count} charges after {Kills} kills");
        var byPayment = charges.GroupBy(charge => (string)charge["payment_id"]!, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
        Assert.All(byPayment.Values, ofOnePayment => Assert.Single(ofOnePayment));
        Assert.Equal(
            orders.Select(order => (string)order.Answer!["id"]!).Order(StringComparer.Ordinal),
            byPayment.Keys.Order(StringComparer.Ordinal));
        Assert.All(orders, order => Assert.Equal((int)order.Body["amount"]!, (int)byPayment[(string)order.Answer!["id"]!][0]["amount_captured"]!));
    }
}
