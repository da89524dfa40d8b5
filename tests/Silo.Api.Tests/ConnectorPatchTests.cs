using System.Text.Json.Nodes;
using OrleansPayments.Connectors;
using OrleansPayments.Silo.Api.Tests.Support;
using static OrleansPayments.Silo.Api.Tests.Support.Bodies;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>Changes of a connector.</summary>
public sealed class ConnectorPatchTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Path = "/api/v1/connectors/changed";

    private FakeConnector Connector => (FakeConnector)host.Engine.Grain<IConnectorGrain>("changed");

    /// <summary>A body → its fault and where.</summary>
    public static TheoryData<string, string> Refused() => new()
    {
        { """{"name":"other"}""", "invalid_value /name" },
        { """{"name":"changed"}""", "invalid_value /name" },
        { """{"provider":"stripe"}""", "invalid_value /provider" },
        { """{"merchant_id":"mer_00000000000000000000000000"}""", "invalid_value /merchant_id" },
        { """{"merchant_id":null}""", "invalid_value /merchant_id" },
        { """{"created_at":"2026-01-01T00:00:00Z"}""", "unknown_field /created_at" },
        { """{"priority":1,"priority":2}""", "duplicate_field /priority" },
        { """{"enabled":0}""", "invalid_type /enabled" },
        { """{"enabled":true,"status":"disabled"}""", "invalid_value /status" },
        { """{"enabled":true,"status":"draining"}""", "invalid_value /status" },
        { """{"enabled":false,"status":"enabled"}""", "invalid_value /status" },
        { """{"status":"paused"}""", "invalid_value /status" },
        { """{"priority":-1}""", "invalid_value /priority" },
        { """{"timeout_ms":99}""", "invalid_value /timeout_ms" },
        { """{"max_in_flight":0}""", "invalid_value /max_in_flight" },
        { """{"capabilities":{"methods":[]}}""", "invalid_value /capabilities/methods" },
        { """{"capabilities":{"networks":["maestro"]}}""", "invalid_value /capabilities/networks/0" },
        { """{"capabilities":{"countries":["ZZ"]}}""", "invalid_value /capabilities/countries/0" },
        { """{"capabilities":{"amounts":[{"currency":"USD","min":2,"max":1}]}}""", "invalid_value /capabilities/amounts/0/min" },
        { """{"capabilities":{"regions":[]}}""", "unknown_field /capabilities/regions" },
        { """{"fees":[{},{}]}""", "invalid_value /fees/1" },
        { """{"health":{"min_calls":0}}""", "invalid_value /health/min_calls" },
        { """{"health":{"open_below_success_rate":"1"}}""", "invalid_type /health/open_below_success_rate" },
        { """{"inquiry":{"first_after_ms":1}}""", "invalid_value /inquiry/first_after_ms" },
        { """{"credentials":"sk_test_secret"}""", "invalid_type /credentials" },
        { """{"credentials":{"secret_key":1}}""", "invalid_type /credentials/secret_key" },
        { """{"version":0}""", "invalid_value /version" },
        { """{"version":"1"}""", "invalid_type /version" },
        { "[]", "invalid_type " },
        { "", "invalid_json " },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_wrong_is_refused_in_its_place_and_changes_nothing(string body, string fault)
    {
        await CreateAsync();
        var before = Connector.Updates.Count;
        var answer = await PatchAsync(body);
        Assert.Equal((400, fault), (answer.Status, $"{answer.Code} {answer.Param}"));
        Assert.DoesNotContain("sk_test_secret", answer.Body, StringComparison.Ordinal);
        Assert.Equal(before, Connector.Updates.Count);
    }

    /// <summary>A body → the member of the answer that it changes, and to what.</summary>
    public static TheoryData<string, string, string> Changes() => new()
    {
        { """{"priority":9}""", "priority", "9" },
        { """{"timeout_ms":100}""", "timeout_ms", "100" },
        { """{"max_in_flight":3}""", "max_in_flight", "3" },
        { """{"health":{"min_calls":6}}""", "health", """{"window_seconds":60,"min_calls":6,"open_below_success_rate":0.5,"open_seconds":5}""" },
        { """{"health":{"open_below_success_rate":0}}""", "health", """{"window_seconds":60,"min_calls":5,"open_below_success_rate":0,"open_seconds":5}""" },
        { """{"inquiry":{"give_up_after_seconds":7}}""", "inquiry", """{"first_after_ms":500,"not_found_final_after_seconds":20,"give_up_after_seconds":7}""" },
        { """{"fees":[]}""", "fees", "[]" },
        {
            """{"fees":[{"rate_bps":1}]}""", "fees",
            """[{"method":"*","network":"*","currency":"*","rate_bps":1,"fixed":0,"effective_from":null,"effective_until":null}]"""
        },
        {
            """{"capabilities":{"countries":["SG"]}}""", "capabilities",
            """{"methods":["card"],"currencies":["USD","JPY","KWD"],"countries":["SG"],"networks":["visa"],"amounts":[{"currency":"USD","min":50,"max":100000000}]}"""
        },
        {
            """{"capabilities":{"networks":["*"],"amounts":[{"min":7}]}}""", "capabilities",
            """{"methods":["card"],"currencies":["USD","JPY","KWD"],"countries":["*"],"networks":["*"],"amounts":[{"currency":"*","min":7,"max":null}]}"""
        },
        {
            """{"capabilities":{"amounts":[]}}""", "capabilities",
            """{"methods":["card"],"currencies":["USD","JPY","KWD"],"countries":["*"],"networks":["visa"],"amounts":[]}"""
        },
        { """{"priority":null,"health":null,"fees":null,"credentials":null,"status":null,"enabled":null}""", "priority", "1" },
        { "{}", "priority", "1" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task What_is_given_is_changed_and_nothing_else(string body, string member, string expected)
    {
        var before = JsonNode.Parse((await CreateAsync()).Body)!.AsObject();
        var answer = await PatchAsync(body);
        Assert.Equal(200, answer.Status);
        var after = JsonNode.Parse(answer.Body)!.AsObject();
        Assert.Equal(expected, after[member]!.ToJsonString());
        before[member] = JsonNode.Parse(expected);
        foreach (var (name, value) in before.Where(one => one.Key is not ("version" or "updated_at"))) Assert.Equal(value?.ToJsonString(), after[name]?.ToJsonString());
        Assert.Equal(answer.Body, (await host.GetAsync(Path)).Body);
    }

    [Theory]
    [InlineData("""{"status":"draining"}""", "draining", false)]
    [InlineData("""{"status":"draining","enabled":false}""", "draining", false)]
    [InlineData("""{"status":"disabled"}""", "disabled", false)]
    [InlineData("""{"enabled":false}""", "disabled", false)]
    [InlineData("""{"status":"enabled","enabled":true}""", "enabled", true)]
    [InlineData("""{"enabled":true}""", "enabled", true)]
    public async Task The_status_goes_from_each_to_each(string body, string status, bool enabled)
    {
        await CreateAsync();
        foreach (var before in (string[])["draining", "disabled", "enabled"])
        {
            Assert.Equal(200, (await PatchAsync($$"""{"status":"{{before}}"}""")).Status);
            var after = (await PatchAsync(body)).Json;
            Assert.Equal((status, enabled), (after.GetProperty("status").GetString(), after.GetProperty("enabled").GetBoolean()));
        }
    }

    [Fact]
    public async Task Credentials_are_taken_whole_and_never_answered()
    {
        await CreateAsync();
        var answer = await PatchAsync("""{"credentials":{"secret_key":"sk_test_new"}}""");
        Assert.Equal(200, answer.Status);
        Assert.DoesNotContain("credentials", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("sk_test_new", answer.Body, StringComparison.Ordinal);
        Assert.Equal(["secret_key"], Connector.Updates.Last().Credentials!.Values.Keys);
    }

    [Fact]
    public async Task A_version_that_is_not_its_own_any_more_changes_nothing()
    {
        var version = (await CreateAsync()).Json.GetProperty("version").GetInt32();
        Assert.Equal(200, (await PatchAsync($$"""{"priority":2,"version":{{version}}}""")).Status);
        var late = await PatchAsync($$"""{"priority":3,"version":{{version}}}""");
        Assert.Equal((409, "version_conflict", "/version"), (late.Status, late.Code, late.Param));
        Assert.Equal(2, (await host.GetAsync(Path)).Json.GetProperty("priority").GetInt32());
    }

    [Fact]
    public async Task It_is_for_administrators_and_of_connectors_that_exist()
    {
        await CreateAsync();
        var (_, key) = await host.NewMerchantAsync();
        Assert.Equal(403, (await PatchAsync("{}", key: key)).Status);
        Assert.Equal(404, (await PatchAsync("{}", "/api/v1/connectors/nobody")).Status);
        Assert.Equal(404, (await PatchAsync("{}", "/api/v1/connectors/NOT-A-NAME")).Status);
        Assert.Equal(400, (await PatchAsync("{}", Path + "?force=true")).Status);
    }

    // One per test class; put back as it was made.
    private async Task<Answer> CreateAsync()
    {
        var created = await host.PostAsync("/api/v1/connectors", ConnectorNamed("changed"), idempotencyKey: "changed");
        Assert.Equal(201, created.Status);
        Connector.Reset(host.Engine.Connectors["changed"].Settings);
        return await host.GetAsync(Path);
    }

    private Task<Answer> PatchAsync(string body, string path = Path, string key = ApiHost.AdminKeyText) => host.SendAsync(HttpMethod.Patch, path, body, key);
}
