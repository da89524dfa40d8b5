using System.Text.Json;
using OrleansPayments.Connectors;
using OrleansPayments.Silo.Api.Tests.Support;
using static OrleansPayments.Silo.Api.Tests.Support.Bodies;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>Connectors.</summary>
public sealed class ConnectorTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Path = "/api/v1/connectors";

    public static TheoryData<string, string, int, string, string> SpoiltMembers() => new()
    {
        { "name", "\"Card A\"", 400, "invalid_value", "/name" },
        { "name", "\"-a\"", 400, "invalid_value", "/name" },
        { "name", "null", 400, "invalid_type", "/name" },
        { "provider", "\"\"", 400, "invalid_value", "/provider" },
        { "provider", "\"paypal\"", 422, "unknown_provider", "/provider" },
        { "enabled", "\"yes\"", 400, "invalid_type", "/enabled" },
        { "enabled", "false", 400, "invalid_value", "/status" },
        { "status", "\"draining\"", 400, "invalid_value", "/status" },
        { "status", "\"disabled\"", 400, "invalid_value", "/status" },
        { "status", "\"off\"", 400, "invalid_value", "/status" },
        { "status", "true", 400, "invalid_type", "/status" },
        { "priority", "-1", 400, "invalid_value", "/priority" },
        { "priority", "1000001", 400, "invalid_value", "/priority" },
        { "priority", "1.5", 400, "invalid_type", "/priority" },
        { "timeout_ms", "99", 400, "invalid_value", "/timeout_ms" },
        { "timeout_ms", "20001", 400, "invalid_value", "/timeout_ms" },
        { "timeout_ms", "\"2000\"", 400, "invalid_type", "/timeout_ms" },
        { "max_in_flight", "0", 400, "invalid_value", "/max_in_flight" },
        { "max_in_flight", "10001", 400, "invalid_value", "/max_in_flight" },
        { "credentials", "null", 400, "invalid_type", "/credentials" },
        { "credentials", "\"sk\"", 400, "invalid_type", "/credentials" },
        { "credentials", "{\"secret_key\":1}", 400, "invalid_type", "/credentials/secret_key" },
        { "credentials", "{\"secret_key\":\"\"}", 400, "invalid_value", "/credentials/secret_key" },
        { "credentials", "{\"base_url\":\"http://x\"}", 422, "invalid_credentials", "/credentials/secret_key" },
        { "capabilities", "[]", 400, "invalid_type", "/capabilities" },
        { "capabilities/methods", "[\"cash\"]", 400, "invalid_value", "/capabilities/methods/0" },
        { "capabilities/methods", "[]", 400, "invalid_value", "/capabilities/methods" },
        { "capabilities/currencies", "[\"USD\",\"usd\"]", 400, "invalid_value", "/capabilities/currencies/1" },
        { "capabilities/currencies", "[\"USD\",\"USD\"]", 400, "invalid_value", "/capabilities/currencies/1" },
        { "capabilities/currencies", "\"*\"", 400, "invalid_type", "/capabilities/currencies" },
        { "capabilities/countries", "[\"ZZ\"]", 400, "invalid_value", "/capabilities/countries/0" },
        { "capabilities/networks", "[\"maestro\"]", 400, "invalid_value", "/capabilities/networks/0" },
        { "capabilities/networks", "[]", 400, "invalid_value", "/capabilities/networks" },
        { "capabilities/networks", "[\"visa\",\"visa\"]", 400, "invalid_value", "/capabilities/networks/1" },
        { "capabilities/amounts", "{}", 400, "invalid_type", "/capabilities/amounts" },
        { "capabilities/amounts/0", "1", 400, "invalid_type", "/capabilities/amounts/0" },
        { "capabilities/amounts/0", "{\"currency\":\"USD\"}", 400, "missing_field", "/capabilities/amounts/0/min" },
        { "capabilities/amounts/0/currency", "\"usd\"", 400, "invalid_value", "/capabilities/amounts/0/currency" },
        { "capabilities/amounts/0/min", "-1", 400, "invalid_value", "/capabilities/amounts/0/min" },
        { "capabilities/amounts/0/min", "100000001", 400, "invalid_value", "/capabilities/amounts/0/min" },
        { "capabilities/amounts/0/min", "0.5", 400, "invalid_type", "/capabilities/amounts/0/min" },
        { "capabilities/amounts/0/max", "0", 400, "invalid_value", "/capabilities/amounts/0/max" },
        { "capabilities/amounts/0/max", "1000000000000", 400, "invalid_value", "/capabilities/amounts/0/max" },
        { "capabilities/amounts/0/most", "1", 400, "unknown_field", "/capabilities/amounts/0/most" },
        { "capabilities/amounts", "[{\"min\":1},{\"currency\":\"*\",\"max\":2}]", 400, "invalid_value", "/capabilities/amounts/1/currency" },
        { "capabilities/regions", "[]", 400, "unknown_field", "/capabilities/regions" },
        { "fees", "{}", 400, "invalid_type", "/fees" },
        { "fees/0", "1", 400, "invalid_type", "/fees/0" },
        { "fees/0/rate_bps", "10001", 400, "invalid_value", "/fees/0/rate_bps" },
        { "fees/0/rate_bps", "2.9", 400, "invalid_type", "/fees/0/rate_bps" },
        { "fees/0/fixed", "-1", 400, "invalid_value", "/fees/0/fixed" },
        { "fees/0/method", "\"cash\"", 400, "invalid_value", "/fees/0/method" },
        { "fees/0/currency", "\"US\"", 400, "invalid_value", "/fees/0/currency" },
        { "fees/0/network", "\"maestro\"", 400, "invalid_value", "/fees/0/network" },
        { "fees/0/effective_from", "\"2026-01-01\"", 400, "invalid_value", "/fees/0/effective_from" },
        { "fees/0/effective_from", "1", 400, "invalid_type", "/fees/0/effective_from" },
        { "fees/0/effective_from", "\"2027-01-01T00:00:00Z\"", 400, "invalid_value", "/fees/0/effective_until" },
        { "fees/0/effective_until", "\"tomorrow\"", 400, "invalid_value", "/fees/0/effective_until" },
        { "fees", "[{\"rate_bps\":1},{\"method\":\"card\"},{\"method\":\"*\",\"network\":\"*\",\"fixed\":1}]", 400, "invalid_value", "/fees/2" },
        { "fees", "[{\"effective_until\":\"2026-06-01T00:00:01Z\"},{\"effective_from\":\"2026-06-01T00:00:00Z\"}]", 400, "invalid_value", "/fees/1" },
        { "fees", "[{\"effective_from\":\"2026-06-01T00:00:00Z\"},{}]", 400, "invalid_value", "/fees/1" },
        { "fees/0/rate", "1", 400, "unknown_field", "/fees/0/rate" },
        { "health/window_seconds", "3601", 400, "invalid_value", "/health/window_seconds" },
        { "health/min_calls", "0", 400, "invalid_value", "/health/min_calls" },
        { "health/open_below_success_rate", "1.1", 400, "invalid_value", "/health/open_below_success_rate" },
        { "health/open_below_success_rate", "\"0.5\"", 400, "invalid_type", "/health/open_below_success_rate" },
        { "health/open_seconds", "0", 400, "invalid_value", "/health/open_seconds" },
        { "inquiry/first_after_ms", "99", 400, "invalid_value", "/inquiry/first_after_ms" },
        { "inquiry/not_found_final_after_seconds", "86401", 400, "invalid_value", "/inquiry/not_found_final_after_seconds" },
        { "merchant_id", "\"x\"", 400, "invalid_value", "/merchant_id" },
        { "merchant_id", "\"mer_00000000000000000000000000\"", 422, "merchant_not_found", "/merchant_id" },
        { "secret", "\"x\"", 400, "unknown_field", "/secret" },
    };

    [Theory]
    [MemberData(nameof(SpoiltMembers))]
    public async Task A_connector_with_a_spoilt_member_is_refused(string member, string json, int status, string code, string param)
    {
        var answer = await host.PostAsync(Path, With(ConnectorNamed("spoilt"), member, json));
        Assert.Equal((status, code, param), (answer.Status, answer.Code, answer.Param));
        Assert.False(host.Engine.Connectors.ContainsKey("spoilt"));
    }

    [Fact]
    public async Task A_connector_is_answered_as_it_was_sent_without_its_credentials()
    {
        var created = await host.PostAsync(Path, ConnectorNamed("shown"));
        Assert.Equal(201, created.Status);
        var sent = JsonSerializer.Deserialize<JsonElement>(ConnectorNamed("shown"));
        foreach (var member in sent.EnumerateObject().Where(member => member.Name != "credentials"))
        {
            Assert.Equal(JsonSerializer.Serialize(member.Value), created.Json.GetProperty(member.Name).GetRawText());
        }

        Assert.Equal(JsonValueKind.Null, created.Json.GetProperty("merchant_id").ValueKind);
        Assert.Equal(created.Body, (await host.GetAsync(Path + "/shown")).Body);
        foreach (var body in (string[])[created.Body, (await host.GetAsync(Path)).Body])
        {
            Assert.DoesNotContain("credentials", body, StringComparison.Ordinal);
            Assert.DoesNotContain("sk_test_a", body, StringComparison.Ordinal);
            Assert.DoesNotContain("whsec", body, StringComparison.Ordinal);
        }

        Assert.Equal("sk_test_a", host.Engine.Connectors["shown"].Credentials.Values["secret_key"]);
        Assert.Equal(404, (await host.GetAsync(Path + "/nobody")).Status);
        Assert.Equal(404, (await host.GetAsync(Path + "/NOT-A-NAME")).Status);
    }

    [Fact]
    public async Task What_is_left_out_has_the_documented_default()
    {
        var created = await host.PostAsync(Path, """{"name":"least","provider":"stripe","credentials":{"secret_key":"k"}}""");
        Assert.Equal(201, created.Status);
        var settings = host.Engine.Connectors["least"].Settings;
        Assert.Equal((true, 100, 10_000), (settings.Enabled, settings.Priority, settings.TimeoutMs));
        Assert.Equal<string>(["card"], settings.Capabilities.Methods);
        Assert.Equal<string>(["*"], settings.Capabilities.Currencies);
        Assert.Equal<string>(["*"], settings.Capabilities.Countries);
        Assert.Empty(settings.Fees);
        Assert.Equal((null, 1_000), (settings.MaxInFlight, created.Json.GetProperty("max_in_flight").GetInt32()));
        Assert.Equal((HealthSettings.Default, InquirySettings.Default, null), (settings.Health, settings.Inquiry, settings.MerchantId));
    }

    [Fact]
    public async Task A_connector_may_have_a_bulkhead_of_its_own()
    {
        var created = await host.PostAsync(Path, With(ConnectorNamed("narrow"), "max_in_flight", "7"), idempotencyKey: "c3");
        Assert.Equal((201, 7), (created.Status, created.Json.GetProperty("max_in_flight").GetInt32()));
        Assert.Equal(7, host.Engine.Connectors["narrow"].Settings.MaxInFlight);
        Assert.Equal("idempotency_mismatch", (await host.PostAsync(Path, ConnectorNamed("narrow"), idempotencyKey: "c3")).Code);
    }

    [Fact]
    public async Task A_connector_may_belong_to_a_merchant()
    {
        var (id, _) = await host.NewMerchantAsync();
        var created = await host.PostAsync(Path, With(ConnectorNamed("owned"), "merchant_id", $"\"{id}\""));
        Assert.Equal((201, id), (created.Status, created.Json.GetProperty("merchant_id").GetString()));
    }

    [Fact]
    public async Task A_connector_is_created_once_per_idempotency_key()
    {
        var first = await host.PostAsync(Path, ConnectorNamed("once"), idempotencyKey: "c1");
        var again = await host.PostAsync(Path, With(ConnectorNamed("once"), "health/open_below_success_rate", "0.50"), idempotencyKey: "c1");
        Assert.Equal((201, true, first.Body), (again.Status, again.IsReplayed, again.Body));
        var mismatch = await host.PostAsync(Path, ConnectorNamed("other-name"), idempotencyKey: "c1");
        Assert.Equal("idempotency_mismatch", mismatch.Code);
        Assert.False(host.Engine.Connectors.ContainsKey("other-name"));
        var taken = await host.PostAsync(Path, ConnectorNamed("once"));
        Assert.Equal((409, "connector_exists", "/name"), (taken.Status, taken.Code, taken.Param));
    }

    [Fact]
    public async Task A_request_that_is_corrected_may_use_its_key_again()
    {
        Assert.Equal("unknown_provider", (await host.PostAsync(Path, With(ConnectorNamed("corrected"), "provider", "\"strype\""), idempotencyKey: "c2")).Code);
        Assert.Equal("invalid_credentials", (await host.PostAsync(Path, With(ConnectorNamed("corrected"), "credentials", "{\"a\":\"b\"}"), idempotencyKey: "c2")).Code);
        Assert.Equal(201, (await host.PostAsync(Path, ConnectorNamed("corrected"), idempotencyKey: "c2")).Status);
    }

    [Fact]
    public async Task Connectors_are_listed_in_pages()
    {
        foreach (var name in (string[])["list-1", "list-2"]) await host.PostAsync(Path, ConnectorNamed(name));
        var all = (await host.GetAsync(Path + "?limit=100")).Json.GetProperty("data").EnumerateArray().Select(one => one.GetProperty("name").GetString()!).ToList();
        Assert.Contains("list-1", all);
        var paged = new List<string>();
        for (var path = Path + "?limit=1"; ;)
        {
            var page = (await host.GetAsync(path)).Json;
            paged.Add(page.GetProperty("data")[0].GetProperty("name").GetString()!);
            if (!page.GetProperty("has_more").GetBoolean()) break;
            path = Path + "?limit=1&starting_after=" + paged[^1];
        }

        Assert.Equal(all, paged);
    }

    [Theory]
    [InlineData("\"enabled\":false", false, "disabled")]
    [InlineData("\"enabled\":true", true, "enabled")]
    [InlineData("\"status\":\"disabled\"", false, "disabled")]
    [InlineData("\"status\":\"draining\"", false, "draining")]
    [InlineData("\"status\":\"draining\",\"enabled\":false", false, "draining")]
    [InlineData("\"status\":\"draining\",\"enabled\":null", false, "draining")]
    [InlineData("\"status\":null,\"enabled\":false", false, "disabled")]
    public async Task The_status_is_told_in_either_way_and_answered_in_both(string members, bool enabled, string status)
    {
        var name = "status-" + Math.Abs(members.GetHashCode(StringComparison.Ordinal));
        var created = await host.PostAsync(Path, $$"""{"name":"{{name}}","provider":"stripe","credentials":{"secret_key":"k"},{{members}}}""");
        Assert.Equal((201, enabled, status), (created.Status, created.Json.GetProperty("enabled").GetBoolean(), created.Json.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Fees_that_never_meet_are_no_contradiction()
    {
        const string Fees =
            """
            [{"effective_until":"2026-06-01T00:00:00Z"},{"effective_from":"2026-06-01T08:00:00+08:00"},{"method":"card"},{"network":"visa"},{"currency":"USD"},{"method":"card","network":"visa","currency":"USD"}]
            """;
        var created = await host.PostAsync(Path, With(ConnectorNamed("fees"), "fees", Fees));
        Assert.Equal(201, created.Status);
        Assert.Equal("2026-06-01T00:00:00.000000Z", created.Json.GetProperty("fees")[1].GetProperty("effective_from").GetString());
    }
}
