using System.Text.Json;
using OrleansPayments.Payments;
using OrleansPayments.Routing;
using OrleansPayments.Silo.Api.Tests.Support;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>How payments are routed: configured, tried out and explained.</summary>
public sealed class RoutingTests : MerchantRoutingTests
{
    private const string TwoRules =
        """
        {"strategy":"rules","rules":[{"when":{"currency":["JPY"],"amount":{"gte":1000},"metadata":{"tier":"gold"},"country":["SG","MY"]},"use":["card-b","card-a"]},
         {"when":{"method":["card"],"network":["visa"],"bin":["4242"],"amount":{"lte":5}},"weights":{"fee":1,"time":0,"risk":0.5}}],"otherwise":"weighted_cost"}
        """;

    [Fact]
    public async Task Nobodys_configuration_is_priority()
    {
        var answer = await Host.GetAsync(Path);
        Assert.Equal(200, answer.Status);
        Same("{\"merchant_id\":\"" + MerchantId + "\",\"object\":\"merchant_routing\",\"strategy\":\"priority\",\"weights\":null,\"order\":null,\"split\":null,\"rules\":null,\"otherwise\":null,\"failover\":{\"max_attempts\":2,\"on_decline\":true},\"configured_at\":null}", answer);
    }

    [Fact]
    public async Task Rules_are_answered_and_read_as_they_were_given()
    {
        await ConnectorsAsync();
        var put = await PutAsync(TwoRules);
        Assert.Equal((200, put.Body), (put.Status, (await Host.GetAsync(Path)).Body));
        Same(
            "{\"merchant_id\":\"" + MerchantId + """
            ","object":"merchant_routing","strategy":"rules","weights":{"fee":0.6,"time":0.3,"risk":0.1},"order":null,"split":null,"rules":[
             {"when":{"currency":["JPY"],"amount":{"gte":1000,"lte":null},"method":null,"network":null,"bin":null,"metadata":{"tier":"gold"},"country":["SG","MY"]},"use":["card-b","card-a"],"weights":null},
             {"when":{"currency":null,"amount":{"gte":null,"lte":5},"method":["card"],"network":["visa"],"bin":["4242"],"metadata":null,"country":null},"use":null,"weights":{"fee":1,"time":0,"risk":0.5}}],
             "otherwise":"weighted_cost","failover":{"max_attempts":2,"on_decline":true},"configured_at":"2026-05-17T12:00:00.000000Z"}
            """,
            put);
    }

    [Theory]
    [InlineData("""{"strategy":"weighted_cost"}""", "weights", """{"fee":0.6,"time":0.3,"risk":0.1}""")]
    [InlineData("""{"strategy":"weighted_cost","weights":{"fee":1,"time":0,"risk":0}}""", "weights", """{"fee":1,"time":0,"risk":0}""")]
    [InlineData("""{"strategy":"expected_value"}""", "weights", "null")]
    [InlineData("""{"strategy":"priority","order":["card-b","card-a"]}""", "order", """["card-b","card-a"]""")]
    [InlineData("""{"strategy":"priority","failover":{"max_attempts":5,"on_decline":false}}""", "failover", """{"max_attempts":5,"on_decline":false}""")]
    [InlineData("""{"strategy":"expected_value","failover":{"max_attempts":1}}""", "failover", """{"max_attempts":1,"on_decline":true}""")]
    [InlineData("""{"strategy":"priority","failover":{}}""", "failover", """{"max_attempts":2,"on_decline":true}""")]
    [InlineData("""{"strategy":"volume_split","split":{"card-b":30,"card-a":70}}""", "split", """{"card-a":70,"card-b":30}""")]
    public async Task Every_strategy_can_be_configured(string body, string member, string expected)
    {
        await ConnectorsAsync();
        var answer = await PutAsync(body);
        Assert.Equal((200, expected), (answer.Status, answer.Json.GetProperty(member).GetRawText()));
    }

    /// <summary>A body → its fault and where.</summary>
    public static TheoryData<string, string> Refused() => new()
    {
        { "{}", "missing_field /strategy" },
        { """{"strategy":"guess"}""", "invalid_value /strategy" },
        { """{"strategy":"priority","order":["card-x"]}""", "unknown_connector /order/0" },
        { """{"strategy":"priority","order":["theirs"]}""", "unknown_connector /order/0" },
        { """{"strategy":"priority","order":["card-a","card-a"]}""", "invalid_value /order/1" },
        { """{"strategy":"priority","order":[]}""", "invalid_value /order" },
        { """{"strategy":"priority","weights":{"fee":1,"time":1,"risk":1}}""", "invalid_value /weights" },
        { """{"strategy":"weighted_cost","order":["card-a"]}""", "invalid_value /order" },
        { """{"strategy":"weighted_cost","otherwise":"priority"}""", "invalid_value /otherwise" },
        { """{"strategy":"weighted_cost","weights":{"fee":1,"time":0}}""", "missing_field /weights/risk" },
        { """{"strategy":"weighted_cost","weights":{"fee":-1,"time":0,"risk":0}}""", "invalid_value /weights/fee" },
        { """{"strategy":"weighted_cost","weights":{"fee":0,"time":0,"risk":0}}""", "invalid_value /weights" },
        { """{"strategy":"priority","failover":true}""", "invalid_type /failover" },
        { """{"strategy":"priority","failover":{"max_attempts":0}}""", "invalid_value /failover/max_attempts" },
        { """{"strategy":"priority","failover":{"max_attempts":6}}""", "invalid_value /failover/max_attempts" },
        { """{"strategy":"priority","failover":{"max_attempts":"2"}}""", "invalid_type /failover/max_attempts" },
        { """{"strategy":"priority","failover":{"on_decline":"yes"}}""", "invalid_type /failover/on_decline" },
        { """{"strategy":"priority","failover":{"on_unknown":true}}""", "unknown_field /failover/on_unknown" },
        { """{"strategy":"volume_split"}""", "missing_field /split" },
        { """{"strategy":"volume_split","split":[]}""", "invalid_type /split" },
        { """{"strategy":"volume_split","split":{}}""", "invalid_value /split" },
        { """{"strategy":"volume_split","split":{"card-a":0}}""", "invalid_value /split/card-a" },
        { """{"strategy":"volume_split","split":{"card-a":1.5}}""", "invalid_value /split/card-a" },
        { """{"strategy":"volume_split","split":{"card-a":"1"}}""", "invalid_type /split/card-a" },
        { """{"strategy":"volume_split","split":{"card-x":1}}""", "unknown_connector /split/card-x" },
        { """{"strategy":"volume_split","split":{"card-a":1,"card-a":2}}""", "duplicate_field /split/card-a" },
        { """{"strategy":"expected_value","split":{"card-a":1}}""", "invalid_value /split" },
        { """{"strategy":"rules"}""", "missing_field /rules" },
        { """{"strategy":"rules","rules":[]}""", "invalid_value /rules" },
        { """{"strategy":"rules","rules":[{"use":["card-a"]}]}""", "missing_field /rules/0/when" },
        { """{"strategy":"rules","rules":[{"when":{},"use":["card-a"]}]}""", "invalid_value /rules/0/when" },
        { """{"strategy":"rules","rules":[{"when":{"currency":["USD"]}}]}""", "missing_field /rules/0/use" },
        { Rule("""{"currency":["USD"]},"use":["card-a"],"weights":{"fee":1,"time":1,"risk":1}"""), "invalid_value /rules/2/use" },
        { Rule("""{"amount":{"gte":2,"lte":1}},"use":["card-a"]"""), "invalid_value /rules/2/when/amount/gte" },
        { Rule("""{"amount":{"gte":0}},"use":["card-a"]"""), "invalid_value /rules/2/when/amount/gte" },
        { Rule("""{"amount":{"gte":"1"}},"use":["card-a"]"""), "invalid_type /rules/2/when/amount/gte" },
        { Rule("""{"amount":{}},"use":["card-a"]"""), "invalid_value /rules/2/when/amount" },
        { Rule("""{"currency":["usd"]},"use":["card-a"]"""), "invalid_value /rules/2/when/currency/0" },
        { Rule("""{"method":["cash"]},"use":["card-a"]"""), "invalid_value /rules/2/when/method/0" },
        { Rule("""{"network":["visa","maestro"]},"use":["card-a"]"""), "invalid_value /rules/2/when/network/1" },
        { Rule("""{"bin":["4242424"]},"use":["card-a"]"""), "invalid_value /rules/2/when/bin/0" },
        { Rule("""{"country":["ZZ"]},"use":["card-a"]"""), "invalid_value /rules/2/when/country/0" },
        { Rule("""{"country":["SG","SG"]},"use":["card-a"]"""), "invalid_value /rules/2/when/country/1" },
        { Rule("""{"country":[]},"use":["card-a"]"""), "invalid_value /rules/2/when/country" },
        { Rule("""{"country":"SG"},"use":["card-a"]"""), "invalid_type /rules/2/when/country" },
        { Rule("""{"currency":["USD"]},"use":["card-a","card-x"]"""), "unknown_connector /rules/2/use/1" },
        { Rule("""{"currency":["USD"]},"weights":{"fee":0,"time":0,"risk":0}"""), "invalid_value /rules/2/weights" },
        { """{"strategy":"rules","rules":[{"when":{"currency":["USD"]},"use":["card-a"]}],"otherwise":"rules"}""", "invalid_value /otherwise" },
        { """{"strategy":"rules","rules":[{"when":{"currency":["USD"]},"use":["card-a"]}],"otherwise":"volume_split"}""", "missing_field /split" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_wrong_is_refused_in_its_place_and_changes_nothing(string body, string fault)
    {
        await ConnectorsAsync();
        var answer = await PutAsync(body);
        Assert.Equal(fault, $"{answer.Code} {answer.Param}");
        Assert.Equal(fault.StartsWith("unknown_connector", StringComparison.Ordinal) ? 422 : 400, answer.Status);
        Assert.Equal("null", (await Host.GetAsync(Path)).Json.GetProperty("configured_at").GetRawText());
    }

    [Fact]
    public async Task Only_administrators_configure_and_only_merchants_that_there_are()
    {
        Assert.Equal(403, (await Host.SendAsync(HttpMethod.Put, Path, """{"strategy":"priority"}""", Key)).Status);
        Assert.Equal(403, (await Host.GetAsync(Path, Key)).Status);
        foreach (var id in new[] { "mer_1", "mer_00000000000000000000000000" })
        {
            Assert.Equal(404, (await Host.SendAsync(HttpMethod.Put, $"/api/v1/merchants/{id}/routing", """{"strategy":"priority"}""")).Status);
            Assert.Equal(404, (await Host.GetAsync($"/api/v1/merchants/{id}/routing")).Status);
        }
    }

    [Fact]
    public async Task A_simulation_explains_and_sends_nothing()
    {
        Host.Engine.Candidates = [new("card-a", true, null, 1, 62, 5.495, 5.495, 0.95, 39.398), new("card-b", false, "disabled", null)];
        var answer = await Host.PostAsync("/api/v1/routing/simulate", Bodies.Payment, Key);
        Assert.Equal(200, answer.Status);
        Same(
            """
            {"strategy":"priority","rule":null,"chosen":"card-a","candidates":[
             {"connector":"card-a","eligible":true,"reason":null,"fee":62,"time":5.495,"risk":5.495,"success_rate":0.95,"cost":39.398,"rank":1},
             {"connector":"card-b","eligible":false,"reason":"disabled","fee":null,"time":null,"risk":null,"success_rate":null,"cost":null,"rank":null}]}
            """,
            answer);
        var asked = Host.Engine.Routed.Single();
        Assert.Equal((MerchantId, "visa", "424242", "card-a", "SG"), (asked.MerchantId.Value, asked.Network, asked.Bin, asked.PreferredConnector, asked.Country));
        Assert.Empty(Host.Engine.Charges);
        Assert.Empty(Host.Engine.Payments);
        Assert.Equal("invalid_value /amount", Fault(await Host.PostAsync("/api/v1/routing/simulate", Bodies.With(Bodies.Payment, "amount", "0"), Key)));
        Assert.Equal("missing_field /merchant_id", Fault(await Host.PostAsync("/api/v1/routing/simulate", Bodies.Payment)));
    }

    [Fact]
    public async Task The_route_of_a_payment_is_explained_to_its_owner()
    {
        var id = await HeldAsync();
        ((FakePayment)Host.Engine.Grain<IPaymentGrain>(id)).Routing = new PaymentRouting(
            new RoutingDecision("dec_1", "rules", [new("card-a", true, null, 1, 62, 5.5, 5.25, 0.95, 39.4)], 2), ApiHost.Start);
        const string Expected =
            """
            {"strategy":"rules","rule":2,"decided_at":"2026-05-17T12:00:00.000000Z","chosen":"card-a","candidates":[
             {"connector":"card-a","eligible":true,"reason":null,"fee":62,"time":5.5,"risk":5.25,"success_rate":0.95,"cost":39.4,"rank":1}]}
            """;
        Same(Expected, await Host.GetAsync($"/api/v1/payments/{id}/routing", Key));
        var (_, stranger) = await Host.NewMerchantAsync();
        Assert.Equal(404, (await Host.GetAsync($"/api/v1/payments/{id}/routing", stranger)).Status);
        Assert.Equal(404, (await Host.GetAsync("/api/v1/payments/pay_1/routing", Key)).Status);
    }

    [Fact]
    public async Task A_payment_that_was_never_sent_has_no_route()
    {
        var id = await HeldAsync();
        ((FakePayment)Host.Engine.Grain<IPaymentGrain>(id)).Routing = new PaymentRouting(null, null);
        Same("""{"strategy":null,"rule":null,"decided_at":null,"chosen":null,"candidates":[]}""", await Host.GetAsync($"/api/v1/payments/{id}/routing", Key));
    }

    private static string Fault(Answer answer) => $"{answer.Code} {answer.Param}";

    private static void Same(string expected, Answer answer) => Assert.Equal(JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(expected)), answer.Body);
}
