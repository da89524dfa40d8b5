using System.Net;
using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Tests;

public sealed class LimitTests
{
    [Fact]
    public async Task The_oldest_go_first_when_an_account_is_full()
    {
        await using var host = PspSimulatorHost.Create(new SimulatorOptions { Port = 0, MaxObjectsPerAccount = 3, MaxRequestsPerAccount = 4 });
        await host.StartAsync();
        using var stripe = new StripeClient(new Uri(PspSimulatorHost.AddressOf(host)), "a");
        var ids = new List<string?>();
        for (var at = 0; at < 6; at++) ids.Add((await stripe.CreateAsync(StripeClient.Charge(attempt: "same"), $"k{at}")).Text("id"));

        Assert.Equal(ids[3..], (await stripe.ChargesAsync()).Select(charge => charge.GetProperty("id").GetString()));
        Assert.Equal(["k2", "k3", "k4", "k5"], (await stripe.RequestsAsync()).Select(entry => entry.GetProperty("idempotency_key").GetString()));
        Assert.Equal(HttpStatusCode.NotFound, (await stripe.GetAsync($"{stripe.Intents}/{ids[2]}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await stripe.GetAsync($"{stripe.Intents}/{ids[3]}")).Status);
        Assert.Equal(3, (await stripe.SearchAsync("metadata['attempt']:'same'")).Json.GetProperty("data").GetArrayLength());
        Assert.Equal("true", (await stripe.CreateAsync(StripeClient.Charge(attempt: "same"), "k5")).Header("Idempotent-Replayed"));
        await host.StopAsync();
    }

    [Fact]
    public async Task Accounts_and_faults_have_a_limit()
    {
        await using var host = PspSimulatorHost.Create(new SimulatorOptions { Port = 0, MaxAccounts = 1, MaxFaultsPerAccount = 1 });
        await host.StartAsync();
        var address = new Uri(PspSimulatorHost.AddressOf(host));
        using var first = new StripeClient(address, "first");
        using var second = new StripeClient(address, "second");

        await first.InjectAsync("capture", "http_500");
        Assert.Equal(HttpStatusCode.BadRequest, (await first.ControlAsync("faults", """{"operation":"create","kind":"http_500"}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await second.CreateAsync(StripeClient.Charge())).Status);
        Assert.Equal(HttpStatusCode.OK, (await first.CreateAsync(StripeClient.Charge())).Status);
        await host.StopAsync();
    }

    [Fact]
    public void A_ring_keeps_the_newest_at_positions_that_never_change()
    {
        var ring = new SegmentedRing<int>(1500);
        for (var at = 0; at < 4000; at++) Assert.Equal(at, ring.Add(at));

        Assert.Equal(2500, ring.First);
        Assert.False(ring.Holds(2499));
        Assert.Equal(2500, ring[2500]);
        Assert.Equal([3998, 3999], ring.Newest(2));
        Assert.Equal(1500, ring.Newest(int.MaxValue).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => ring[2499]);
    }

    [Fact]
    public void Latencies_have_the_median_and_the_tail_they_were_given()
    {
        var random = new RandomSource(new Random(7));
        var model = LatencyModel.Fit(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(20))!;

        var samples = Enumerable.Range(0, 20_000).Select(_ => model.Sample(random).TotalMilliseconds).Order().ToArray();

        Assert.InRange(samples[10_000], 4.8, 5.2);
        Assert.InRange(samples[19_800], 18.5, 21.5);
    }

    [Fact]
    public void Identifiers_never_repeat_and_follow_from_the_seed()
    {
        var random = new RandomSource(new Random(7));
        var ids = Enumerable.Range(0, 100_000).Select(_ => random.NextId("pi_")).ToHashSet();

        Assert.Equal(100_000, ids.Count);
        Assert.All(ids.Take(100), id => Assert.Matches("^pi_[0-9A-Za-z]{24}$", id));
        Assert.Contains(new RandomSource(new Random(7)).NextId("pi_"), ids);
    }
}
