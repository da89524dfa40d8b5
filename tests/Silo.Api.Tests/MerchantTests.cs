using System.Text.Json;
using OrleansPayments.Silo.Api.Merchants;
using OrleansPayments.Silo.Api.Tests.Support;
using static OrleansPayments.Silo.Api.Tests.Support.Bodies;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>Merchants and their keys.</summary>
public sealed class MerchantTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Key = """{"name":"server","permissions":["*"]}""";

    private static readonly string Nobody = "mer_" + new string('0', 26);

    public static TheoryData<string, string, string, string> SpoiltMembers() => new()
    {
        { "name", "\"\"", "invalid_value", "/name" },
        { "name", "1", "invalid_type", "/name" },
        { "name", "\"" + new string('n', 201) + "\"", "invalid_value", "/name" },
        { "country", "\"sg\"", "invalid_value", "/country" },
        { "country", "\"ZZ\"", "invalid_value", "/country" },
        { "country", "\"SGP\"", "invalid_value", "/country" },
        { "default_currency", "\"usd\"", "invalid_value", "/default_currency" },
        { "default_currency", "null", "invalid_type", "/default_currency" },
        { "id", "\"mer_1\"", "unknown_field", "/id" },
    };

    [Theory]
    [MemberData(nameof(SpoiltMembers))]
    public async Task A_merchant_with_a_spoilt_member_is_refused(string member, string json, string code, string param)
    {
        var answer = await host.PostAsync("/api/v1/merchants", With(Merchant, member, json));
        Assert.Equal((400, code, param), (answer.Status, answer.Code, answer.Param));
    }

    [Theory]
    [InlineData("""{"name":"a"}""", "missing_field", "/permissions")]
    [InlineData("""{"name":"a","permissions":null}""", "invalid_type", "/permissions")]
    [InlineData("""{"name":"a","permissions":[]}""", "invalid_value", "/permissions")]
    [InlineData("""{"name":"a","permissions":"*"}""", "invalid_type", "/permissions")]
    [InlineData("""{"name":"a","permissions":["*",1]}""", "invalid_type", "/permissions/1")]
    [InlineData("""{"name":"a","permissions":["*","admin"]}""", "invalid_value", "/permissions/1")]
    [InlineData("""{"name":"a","permissions":["*","*"]}""", "invalid_value", "/permissions/1")]
    [InlineData("""{"permissions":["*"]}""", "missing_field", "/name")]
    [InlineData("""{"name":"a","permissions":["*"],"expires":1}""", "unknown_field", "/expires")]
    public async Task An_API_key_with_a_spoilt_member_is_refused(string body, string code, string param)
    {
        var (id, _) = await host.NewMerchantAsync();
        var answer = await host.PostAsync($"/api/v1/merchants/{id}/api_keys", body);
        Assert.Equal((400, code, param), (answer.Status, answer.Code, answer.Param));
    }

    [Fact]
    public async Task A_merchant_is_created_and_read()
    {
        var created = await host.PostAsync("/api/v1/merchants", Merchant);
        var id = created.Json.GetProperty("id").GetString();
        Assert.Equal(201, created.Status);
        Assert.Equal(
            $$"""{"id":"{{id}}","object":"merchant","name":"Demo","country":"SG","default_currency":"USD","status":"active","status_reason":null,"status_changed_at":null,"version":1,"created_at":"2026-05-17T12:00:00.000000Z"}""",
            created.Body);
        Assert.Equal(created.Body, (await host.GetAsync($"/api/v1/merchants/{id}")).Body);
        Assert.Equal(404, (await host.GetAsync("/api/v1/merchants/" + Nobody)).Status);
        Assert.Equal(404, (await host.GetAsync("/api/v1/merchants/nobody")).Status);
    }

    [Fact]
    public async Task A_merchant_is_created_once_per_idempotency_key()
    {
        var first = await host.PostAsync("/api/v1/merchants", Merchant, idempotencyKey: "m1");
        var again = await host.PostAsync("/api/v1/merchants", """ { "default_currency": "USD", "name": "D\u0065mo", "country": "SG" } """, idempotencyKey: "m1");
        Assert.Equal((201, true, first.Body), (again.Status, again.IsReplayed, again.Body));
        var other = await host.PostAsync("/api/v1/merchants", With(Merchant, "country", "\"MY\""), idempotencyKey: "m1");
        Assert.Equal((422, "idempotency_mismatch"), (other.Status, other.Code));
    }

    [Fact]
    public async Task The_repetition_of_a_keys_creation_shows_the_same_key_and_lists_never_do()
    {
        var (id, _) = await host.NewMerchantAsync();
        var path = $"/api/v1/merchants/{id}/api_keys";
        var first = await host.PostAsync(path, Key, idempotencyKey: "k1");
        var again = await host.PostAsync(path, Key, idempotencyKey: "k1");
        Assert.Equal((201, false), (first.Status, first.IsReplayed));
        Assert.Equal((201, true, first.Body), (again.Status, again.IsReplayed, again.Body));
        var key = first.Json.GetProperty("key").GetString()!;
        Assert.Matches("^sk_[0-9a-z]{26}[A-Za-z0-9_-]{43}$", key);
        Assert.Equal(200, (await host.GetAsync("/api/v1/payments", key)).Status);
        Assert.DoesNotContain("sk_", (await host.GetAsync(path)).Body, StringComparison.Ordinal);
        var other = await host.PostAsync(path, With(Key, "name", "\"other\""), idempotencyKey: "k1");
        Assert.Equal("idempotency_mismatch", other.Code);
    }

    [Fact]
    public async Task The_same_key_issues_keys_to_different_merchants()
    {
        var (one, _) = await host.NewMerchantAsync();
        var (two, _) = await host.NewMerchantAsync();
        Assert.Equal(201, (await host.PostAsync($"/api/v1/merchants/{one}/api_keys", Key, idempotencyKey: "same")).Status);
        var second = await host.PostAsync($"/api/v1/merchants/{two}/api_keys", Key, idempotencyKey: "same");
        Assert.Equal((201, false, two), (second.Status, second.IsReplayed, second.Json.GetProperty("merchant_id").GetString()));
    }

    [Fact]
    public async Task The_order_of_permissions_means_nothing()
    {
        var (id, _) = await host.NewMerchantAsync();
        var path = $"/api/v1/merchants/{id}/api_keys";
        await host.PostAsync(path, """{"name":"a","permissions":["payments:write","payments:read"]}""", idempotencyKey: "p");
        var again = await host.PostAsync(path, """{"name":"a","permissions":["payments:read","payments:write"]}""", idempotencyKey: "p");
        Assert.True(again.IsReplayed);
    }

    [Fact]
    public async Task Keys_are_listed_newest_first_in_pages()
    {
        var (id, _) = await host.NewMerchantAsync();
        var path = $"/api/v1/merchants/{id}/api_keys";
        for (var i = 0; i < 3; i++) await host.PostAsync(path, With(Key, "name", $"\"key {i}\""));
        var first = await host.GetAsync(path + "?limit=3");
        Assert.Equal(["key 2", "key 1", "key 0"], Names(first));
        Assert.True(first.Json.GetProperty("has_more").GetBoolean());
        var last = first.Json.GetProperty("data")[2].GetProperty("id").GetString();
        var second = await host.GetAsync($"{path}?starting_after={last}");
        Assert.Equal(["server"], Names(second));
        Assert.False(second.Json.GetProperty("has_more").GetBoolean());
        Assert.Equal("/starting_after", (await host.GetAsync(path + "?starting_after=key_x")).Param);
        Assert.Equal("/order", (await host.GetAsync(path + "?order=asc")).Param);

        static IEnumerable<string?> Names(Answer answer) =>
            answer.Json.GetProperty("data").EnumerateArray().Select((JsonElement key) => key.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Keys_of_an_unknown_merchant_are_not_found()
    {
        Assert.Equal(404, (await host.GetAsync($"/api/v1/merchants/{Nobody}/api_keys")).Status);
        Assert.Equal(404, (await host.PostAsync($"/api/v1/merchants/{Nobody}/api_keys", Key)).Status);
        Assert.Equal(404, (await host.SendAsync(HttpMethod.Delete, $"/api/v1/merchants/{Nobody}/api_keys/key_1")).Status);
    }

    [Fact]
    public void Every_country_of_ISO_3166_is_known_once() => Assert.Equal(249, Countries.All.Count);
}
