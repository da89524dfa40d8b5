using System.Text.Json;
using OrleansPayments.Connectors;
using OrleansPayments.Merchants;
using OrleansPayments.Silo.Api.Tests.Support;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>How a merchant's payments fare, as administrators and the merchant read it.</summary>
public sealed class MerchantHealthTests : HeldPaymentTests
{
    private string Path => $"/api/v1/merchants/{MerchantId}/health";

    private FakeMerchant Merchant => (FakeMerchant)Host.Engine.Grain<IMerchantGrain>(MerchantId);

    private MerchantHealthView Healthy => new(
        OrleansPayments.MerchantId.Parse(MerchantId), MerchantStatus.Suspended, TimeSpan.FromHours(1), DateTimeOffset.UnixEpoch, 5, 3, 2, 1, 0.625, 8.0 / 11,
        [new MerchantVolume(Currency.Parse("JPY"), 1, 70), new MerchantVolume(Currency.Parse("USD"), 4, null)], new LatencyView(10.04, 20.06, 30, 40),
        DateTimeOffset.UnixEpoch.AddSeconds(1));

    [Fact]
    public async Task It_is_shown_as_documented_to_administrators_and_to_the_merchant()
    {
        Merchant.Health = Healthy;
        var answer = await Host.GetAsync(Path);
        Assert.Equal(
            $$"""{"merchant_id":"{{MerchantId}}","status":"suspended","window_seconds":3600,"counting_since":"1970-01-01T00:00:00.000000Z","payments":{"approved":5,"declined":3,"failed":2,"unknown":1},"authorization_rate":0.625,"success_rate":0.7273,"volume":[{"currency":"JPY","amount":70,"payments":1},{"currency":"USD","amount":null,"payments":4}],"latency_ms":{"average":10,"p50":20.1,"p95":30,"p99":40},"last_payment_at":"1970-01-01T00:00:01.000000Z"}""",
            answer.Body);
        Assert.Equal((200, answer.Body), ((await Host.GetAsync(Path, Key)).Status, (await Host.GetAsync(Path, Key)).Body));
    }

    [Fact]
    public async Task Where_nothing_is_counted_there_are_no_rates()
    {
        Merchant.Health = Healthy with { AuthorizationRate = null, SuccessRate = null, Volumes = [], Latency = null, LastPaymentAt = null };
        var json = (await Host.GetAsync(Path)).Json;
        foreach (var member in (string[])["authorization_rate", "success_rate", "latency_ms", "last_payment_at"])
            Assert.Equal(JsonValueKind.Null, json.GetProperty(member).ValueKind);
        Assert.Equal(0, json.GetProperty("volume").GetArrayLength());
    }

    [Fact]
    public async Task Another_merchants_does_not_exist_and_a_key_must_be_allowed_to_read()
    {
        Merchant.Health = Healthy;
        var (_, other) = await Host.NewMerchantAsync();
        Assert.Equal(404, (await Host.GetAsync(Path, other)).Status);
        Assert.Equal(404, (await Host.GetAsync("/api/v1/merchants/nobody/health")).Status);
        Assert.Equal(404, (await Host.GetAsync($"/api/v1/merchants/mer_{new string('0', 26)}/health")).Status);
        Assert.Equal(400, (await Host.GetAsync(Path + "?window=1")).Status);

        var issued = await Host.PostAsync($"/api/v1/merchants/{MerchantId}/api_keys", """{"name":"w","permissions":["payments:write"]}""");
        Assert.Equal(403, (await Host.GetAsync(Path, Text(issued, "key"))).Status);
    }
}
