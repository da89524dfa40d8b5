using System.Globalization;
using OrleansPayments.Silo.Api.Tests.Support;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>How much a configuration of routing may hold, and of which kind each of its values is.</summary>
public sealed class RoutingLimitsTests : MerchantRoutingTests
{
    /// <summary>A body → its fault and where.</summary>
    public static TheoryData<string, string> Refused() => new()
    {
        { """{"strategy":1}""", "invalid_type /strategy" },
        { """{"strategy":"priority","fallback":"card-a"}""", "unknown_field /fallback" },
        { """{"strategy":"priority","order":"card-a"}""", "invalid_type /order" },
        { """{"strategy":"priority","order":[""" + Names(101) + "]}", "invalid_value /order" },
        { """{"strategy":"priority","rules":[""" + GoodRule + "]}", "invalid_value /rules" },
        { """{"strategy":"expected_value","weights":{"fee":1,"time":1,"risk":1}}""", "invalid_value /weights" },
        { """{"strategy":"weighted_cost","weights":{"fee":1000.5,"time":1,"risk":1}}""", "invalid_value /weights/fee" },
        { """{"strategy":"weighted_cost","weights":{"fee":1e400,"time":1,"risk":1}}""", "invalid_value /weights/fee" },
        { """{"strategy":"weighted_cost","weights":{"fee":1,"time":"NaN","risk":1}}""", "invalid_type /weights/time" },
        { """{"strategy":"weighted_cost","weights":{"fee":1,"time":1,"risk":null}}""", "invalid_type /weights/risk" },
        { """{"strategy":"weighted_cost","weights":{"fee":1,"time":1,"risk":1,"speed":1}}""", "unknown_field /weights/speed" },
        { """{"strategy":"volume_split","split":null}""", "invalid_type /split" },
        { """{"strategy":"volume_split","split":{""" + Shares(101) + "}}", "invalid_value /split" },
        { """{"strategy":"volume_split","split":{"card-a":-1}}""", "invalid_value /split/card-a" },
        { """{"strategy":"volume_split","split":{"card-a":10001}}""", "invalid_value /split/card-a" },
        { """{"strategy":"volume_split","split":{"card-a":99999999999}}""", "invalid_value /split/card-a" },
        { """{"strategy":"volume_split","split":{"theirs":1}}""", "unknown_connector /split/theirs" },
        { """{"strategy":"rules","rules":{}}""", "invalid_type /rules" },
        { """{"strategy":"rules","rules":null}""", "invalid_type /rules" },
        { Rules([.. Enumerable.Repeat(GoodRule, 101)]), "invalid_value /rules" },
        { Rules(GoodRule, GoodRule, "7"), "invalid_type /rules/2" },
        { Rules(GoodRule, GoodRule, """{"when":{"currency":["USD"]},"use":["card-a"],"name":"x"}"""), "unknown_field /rules/2/name" },
        { Rule("null,\"use\":[\"card-a\"]"), "invalid_type /rules/2/when" },
        { Rule("[],\"use\":[\"card-a\"]"), "invalid_type /rules/2/when" },
        { Rule("""{"currency":["USD"]},"use":[]"""), "invalid_value /rules/2/use" },
        { Rule("""{"currency":["USD"]},"use":null"""), "invalid_type /rules/2/use" },
        { Rule("""{"currency":["USD"]},"use":[1]"""), "invalid_type /rules/2/use/0" },
        { Rule("""{"currency":["USD"]},"use":["card-b","card-a","card-b"]"""), "invalid_value /rules/2/use/2" },
        { Rule("""{"currency":["USD"]},"use":["theirs"]"""), "unknown_connector /rules/2/use/0" },
        { Rule("""{"currency":["USD"]},"use":[""" + Names(101) + "]"), "invalid_value /rules/2/use" },
        { Rule("""{"currency":["USD"]},"weights":{"fee":-1,"time":1,"risk":1}"""), "invalid_value /rules/2/weights/fee" },
        { Rule("""{"currency":["USD"]},"weights":{"fee":1,"time":1}"""), "missing_field /rules/2/weights/risk" },
        { Rule("""{"currency":[]},"use":["card-a"]"""), "invalid_value /rules/2/when/currency" },
        { Rule("""{"currency":"USD"},"use":["card-a"]"""), "invalid_type /rules/2/when/currency" },
        { Rule("""{"currency":["USD","USD"]},"use":["card-a"]"""), "invalid_value /rules/2/when/currency/1" },
        { Rule("""{"currency":[""" + Names(251) + """]},"use":["card-a"]"""), "invalid_value /rules/2/when/currency" },
        { Rule("""{"amount":{"gt":1}},"use":["card-a"]"""), "unknown_field /rules/2/when/amount/gt" },
        { Rule("""{"amount":{"lte":0}},"use":["card-a"]"""), "invalid_value /rules/2/when/amount/lte" },
        { Rule("""{"amount":{"lte":1.5}},"use":["card-a"]"""), "invalid_type /rules/2/when/amount/lte" },
        { Rule("""{"amount":{"gte":1000000000000}},"use":["card-a"]"""), "invalid_value /rules/2/when/amount/gte" },
        { Rule("""{"amount":{"lte":1000000000000}},"use":["card-a"]"""), "invalid_value /rules/2/when/amount/lte" },
        { Rule("""{"bin":["42a"]},"use":["card-a"]"""), "invalid_value /rules/2/when/bin/0" },
        { Rule("""{"bin":["4",""]},"use":["card-a"]"""), "invalid_value /rules/2/when/bin/1" },
        { Rule("""{"bin":[""" + Names(251) + """]},"use":["card-a"]"""), "invalid_value /rules/2/when/bin" },
        { Rule("""{"metadata":{"tier":1}},"use":["card-a"]"""), "invalid_type /rules/2/when/metadata/tier" },
        { Rule("""{"metadata":{""" + Texts(51) + """}},"use":["card-a"]"""), "invalid_value /rules/2/when/metadata" },
        { """{"strategy":"rules","otherwise":"weighted_cost","order":["card-a"],"rules":[""" + GoodRule + "]}", "invalid_value /order" },
        { """{"strategy":"rules","otherwise":"guess","rules":[""" + GoodRule + "]}", "invalid_value /otherwise" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_too_much_or_of_another_kind_is_refused_in_its_place(string body, string fault)
    {
        await ConnectorsAsync();
        var answer = await PutAsync(body);
        Assert.Equal((fault.StartsWith("unknown_connector", StringComparison.Ordinal) ? 422 : 400, fault), (answer.Status, $"{answer.Code} {answer.Param}"));
        Assert.Equal("null", (await Host.GetAsync(Path)).Json.GetProperty("configured_at").GetRawText());
    }

    /// <summary>The most of each, and the least.</summary>
    public static TheoryData<string> Accepted() =>
    [
        Rules([.. Enumerable.Repeat(GoodRule, 100)]),
        Rule("""{"amount":{"gte":1,"lte":1},"bin":["4"]},"use":["card-a"]"""),
        Rule("""{"amount":{"gte":999999999999,"lte":999999999999},"bin":["424242"]},"use":["card-a"]"""),
        Rule("""{"metadata":{""" + Texts(50) + """}},"weights":{"fee":1000,"time":0,"risk":0.001}"""),
        """{"strategy":"volume_split","split":{"card-a":1,"card-b":10000}}""",
        """{"strategy":"rules","otherwise":"volume_split","split":{"card-b":1},"rules":[""" + GoodRule + "]}",
    ];

    [Theory]
    [MemberData(nameof(Accepted))]
    public async Task As_much_as_may_be_is_accepted(string body)
    {
        await ConnectorsAsync();
        var answer = await PutAsync(body);
        Assert.Equal((200, ""), (answer.Status, answer.Status == 200 ? "" : answer.Body));
    }

    private static string Names(int count) => string.Join(',', Enumerable.Range(0, count).Select(at => string.Create(CultureInfo.InvariantCulture, $"\"c{at}\"")));

    private static string Shares(int count) => string.Join(',', Enumerable.Range(0, count).Select(at => string.Create(CultureInfo.InvariantCulture, $"\"c{at}\":1")));

    private static string Texts(int count) => string.Join(',', Enumerable.Range(0, count).Select(at => string.Create(CultureInfo.InvariantCulture, $"\"k{at}\":\"v\"")));
}
