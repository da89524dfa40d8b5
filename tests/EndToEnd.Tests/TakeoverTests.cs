using System.Net;
using System.Security.Cryptography;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>Two silos on one database: there is one writer at any time.</summary>
public sealed class TakeoverTests
{
    private const string Account = "taken";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_second_silo_takes_over_and_the_first_writes_nothing_more()
    {
        using var firstFolder = new TemporaryFolder();
        using var secondFolder = new TemporaryFolder();
        await using var database = await OwnDatabase.StartAsync();
        await using var simulator = await Simulator.StartAsync();
        string[] settings = [.. database.Settings, "--Encryption:MasterKey", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))];
        await using var first = await SiloInProcess.StartAsync(firstFolder.Path, null, settings);
        using var shop = await Shop.OpenAsync(first.Admin, simulator, Account);
        var payments = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => shop.PayAsync()));

        await using var second = await SiloInProcess.StartAsync(secondFolder.Path, null, settings);
        using var atSecond = second.Admin.As(shop.Key);

        var refused = await shop.Api.PostAsync("/payments", Bodies.Payment(), "between");
        JsonAssert.Problem(refused, HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
        Assert.NotNull(refused.RetryAfter);
        Assert.Equal(20, (await simulator.RequestsAsync(Account)).Count);
        JsonAssert.Problem(await first.Admin.PostAsync("/merchants", Bodies.Merchant()), HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
        await Eventually.TrueAsync("a first silo that says why it is not ready", Patience, async () =>
        {
            var ready = await first.Admin.GetAsync("/ready");
            return ready.Status == HttpStatusCode.ServiceUnavailable
                && ready["reasons"]!.AsArray().Any(reason => (string)reason!["check"]! == "journal" && ((string)reason["reason"]!).Contains("taken over", StringComparison.Ordinal));
        });

        (await second.Admin.GetAsync("/ready")).Expect(HttpStatusCode.OK);
        foreach (var payment in payments)
        {
            JsonAssert.Same(payment, (await atSecond.GetAsync("/payments/" + (string)payment["id"]!)).Expect(HttpStatusCode.OK).Json);
        }

        var repeated = (await atSecond.PostAsync("/payments", Bodies.Payment(), "between")).Expect(HttpStatusCode.Created);
        Assert.Equal(("captured", false), ((string)repeated["status"]!, repeated.Replayed));
        var listed = (await atSecond.GetAsync("/payments?limit=100&merchant_order_id=none")).Expect(HttpStatusCode.OK);
        Assert.Empty(listed["data"]!.AsArray());
        Assert.Equal(21, (await atSecond.GetAsync("/payments?limit=100")).Expect(HttpStatusCode.OK)["data"]!.AsArray().Count);
        Assert.Equal(21, (await simulator.ChargesAsync(Account)).Count);
    }
}
