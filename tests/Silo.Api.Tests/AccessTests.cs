using OrleansPayments.Silo.Api.Tests.Support;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>Who may do what.</summary>
public sealed class AccessTests(ApiHost host) : IClassFixture<ApiHost>
{
    public static TheoryData<string?> KeysThatDoNotWork() =>
    [
        null, "", "Bearer", "Bearer ", "Basic " + ApiHost.AdminKeyText, "Bearer ak_wrong", "Bearer ak_test_administratoR", "Bearer sk_", "Bearer sk_short",
        "Bearer sk_" + new string('0', 26) + new string('A', 43), "Bearer " + ApiHost.AdminKeyText + " x", "Bearer " + new string('a', 5000), ApiHost.AdminKeyText,
    ];

    [Theory]
    [MemberData(nameof(KeysThatDoNotWork))]
    public async Task Without_a_working_key_nothing_is_answered(string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/payments");
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        var answer = await host.SendAsync(request);
        Assert.Equal((401, "unauthorized"), (answer.Status, answer.Code));
        Assert.StartsWith("Bearer", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_authorizations_are_none()
    {
        var header = ("Authorization", "Bearer " + ApiHost.AdminKeyText);
        Assert.StartsWith("HTTP/1.1 401", await RawHttp.SendAsync(host, "GET", "/api/v1/payments", null, header, header), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_secret_of_a_right_id_does_not_work()
    {
        var (_, key) = await host.NewMerchantAsync();
        var wrong = key[..^1] + (key[^1] == 'A' ? 'B' : 'A');
        Assert.Equal(200, (await host.GetAsync("/api/v1/payments", key)).Status);
        Assert.Equal(401, (await host.GetAsync("/api/v1/payments", wrong)).Status);
    }

    [Fact]
    public async Task A_body_is_not_read_before_the_caller_is_known() =>
        Assert.Equal(401, (await host.PostAsync("/api/v1/payments", "not json", key: "ak_wrong")).Status);

    [Theory]
    [InlineData("payments:read", 403, 200)]
    [InlineData("payments:write", 400, 403)]
    [InlineData("refunds:write", 403, 403)]
    [InlineData("*", 400, 200)]
    public async Task A_key_does_what_its_permissions_allow(string permission, int create, int list)
    {
        var (_, key) = await host.NewMerchantAsync(permission);
        Assert.Equal(create, (await host.PostAsync("/api/v1/payments", "{}", key)).Status);
        Assert.Equal(create, (await host.PostAsync("/api/v1/payments/batch", "{}", key)).Status);
        Assert.Equal(create == 400 ? 200 : 403, (await host.PostAsync("/api/v1/payments/validate", "{}", key)).Status);
        Assert.Equal(list, (await host.GetAsync("/api/v1/payments", key)).Status);
        Assert.Equal(list == 200 ? 404 : 403, (await host.GetAsync("/api/v1/payments/pay_1", key)).Status);
    }

    [Theory]
    [InlineData("POST", "/api/v1/merchants")]
    [InlineData("GET", "/api/v1/merchants/{id}")]
    [InlineData("POST", "/api/v1/merchants/{id}/api_keys")]
    [InlineData("GET", "/api/v1/merchants/{id}/api_keys")]
    [InlineData("DELETE", "/api/v1/merchants/{id}/api_keys/key_1")]
    [InlineData("GET", "/api/v1/work_items")]
    [InlineData("POST", "/api/v1/payments/pay_1/resolve")]
    [InlineData("POST", "/api/v1/connectors")]
    [InlineData("GET", "/api/v1/connectors")]
    [InlineData("GET", "/api/v1/connectors/card-a")]
    public async Task Merchants_keys_never_reach_what_is_for_administrators(string method, string path)
    {
        var (id, key) = await host.NewMerchantAsync("*");
        var resolved = path.Replace("{id}", id, StringComparison.Ordinal);
        var answer = await host.SendAsync(new HttpMethod(method), resolved, method == "POST" ? "{}" : null, key);
        Assert.Equal((403, "forbidden"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_revoked_key_stops_working()
    {
        var (id, key) = await host.NewMerchantAsync();
        var list = await host.GetAsync($"/api/v1/merchants/{id}/api_keys");
        var keyId = list.Json.GetProperty("data")[0].GetProperty("id").GetString();
        var revoked = await host.SendAsync(HttpMethod.Delete, $"/api/v1/merchants/{id}/api_keys/{keyId}");
        Assert.Equal(200, revoked.Status);
        Assert.NotEqual(System.Text.Json.JsonValueKind.Null, revoked.Json.GetProperty("revoked_at").ValueKind);
        Assert.Equal(401, (await host.GetAsync("/api/v1/payments", key)).Status);
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Delete, $"/api/v1/merchants/{id}/api_keys/{keyId}")).Status);
    }
}
