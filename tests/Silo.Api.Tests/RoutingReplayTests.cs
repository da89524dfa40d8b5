using System.Text.Json;
using OrleansPayments.Routing;
using OrleansPayments.Silo.Api.Tests.Support;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>Replays of routing: asked for, read, listed, cancelled.</summary>
public sealed class RoutingReplayTests : HeldPaymentTests
{
    private const string Path = "/api/v1/routing/replay";
    private const string Body = """{"from":"2026-05-01T00:00:00Z","until":"2026-05-02T02:00:00+02:00","policy":{"strategy":"weighted_cost"}}""";

    [Fact]
    public async Task A_replay_is_accepted_with_its_place_and_all_that_was_understood()
    {
        await ConnectorsAsync();
        var body =
            "{\"merchant_id\":\"" + MerchantId + """
            ","from":"2026-05-01T00:00:00Z","until":"2026-05-02T02:00:00+02:00",
             "policy":{"strategy":"rules","rules":[{"when":{"currency":["JPY"],"amount":{"gte":1000},"metadata":{"tier":"gold"}},"use":["card-b","card-a"]}],"otherwise":"weighted_cost"},
             "fees":{"card-b":[{"method":"card","network":"visa","rate_bps":120,"fixed":10,"effective_until":"2026-06-01T00:00:00Z"}],"card-a":[]}}
            """;
        var answer = await Host.PostAsync(Path, body);
        var id = answer.Json.GetProperty("id").GetString()!;
        Assert.Equal((202, $"/api/v1/routing/replay/{id}"), (answer.Status, answer.Headers["Location"]));
        Assert.StartsWith("rpl_", id, StringComparison.Ordinal);
        Same(
            "{\"id\":\"" + id + "\",\"object\":\"routing_replay\",\"status\":\"queued\",\"merchant_id\":\"" + MerchantId + """
            ","from":"2026-05-01T00:00:00.000000Z","until":"2026-05-02T00:00:00.000000Z",
             "policy":{"strategy":"rules","weights":{"fee":0.6,"time":0.3,"risk":0.1},"order":null,"split":null,"rules":[
              {"when":{"currency":["JPY"],"amount":{"gte":1000,"lte":null},"method":null,"network":null,"bin":null,"metadata":{"tier":"gold"},"country":null},"use":["card-b","card-a"],"weights":null}],"otherwise":"weighted_cost"},
             "fees":{"card-a":[],"card-b":[{"method":"card","network":"visa","currency":"*","rate_bps":120,"fixed":10,"effective_from":null,"effective_until":"2026-06-01T00:00:00.000000Z"}]},
             "progress":{"decisions":0,"total":null,"percent":0},"failure_code":null,"result":null,"created_at":"2026-05-17T12:00:00.000000Z","started_at":null,"ended_at":null}
            """,
            answer);
        Assert.Equal(answer.Body, (await Host.GetAsync($"{Path}/{id}")).Body);
    }

    /// <summary>A body → its fault and where.</summary>
    public static TheoryData<string, string> Refused() => new()
    {
        { "{}", "missing_field /from" },
        { With("from", "\"2026-05-01\""), "invalid_value /from" },
        { With("from", "7"), "invalid_type /from" },
        { With("until", "\"2026-05-17T12:00:01Z\""), "invalid_value /until" },
        { With("until", "\"yesterday\""), "invalid_value /until" },
        { With("until", "\"2026-05-01T00:00:00Z\""), "invalid_value /from" },
        { With("from", "\"2025-03-27T23:59:59Z\""), "invalid_value /from" },
        { With("merchant_id", "\"mer_1\""), "invalid_value /merchant_id" },
        { With("merchant_id", "\"mer_00000000000000000000000000\""), "merchant_not_found /merchant_id" },
        { With("policy", "null"), "invalid_type /policy" },
        { With("policy", "[]"), "invalid_type /policy" },
        { With("policy", """{"strategy":"guess"}"""), "invalid_value /policy/strategy" },
        { With("policy", """{"strategy":"priority","order":["card-x"]}"""), "unknown_connector /policy/order/0" },
        { With("policy", """{"strategy":"volume_split","split":{"card-a":0}}"""), "invalid_value /policy/split/card-a" },
        { With("policy", """{"strategy":"rules","rules":[{"when":{"amount":{"gte":0}},"use":["card-a"]}]}"""), "invalid_value /policy/rules/0/when/amount/gte" },
        { With("policy", """{"strategy":"priority","colour":1}"""), "unknown_field /policy/colour" },
        { With("fees", "[]"), "invalid_type /fees" },
        { With("fees", "{}"), "invalid_value /fees" },
        { With("fees", """{"card-x":[]}"""), "unknown_connector /fees/card-x" },
        { Body.Insert(1, "\"fees\":{\"card-a\":[],\"card-a\":[]},"), "duplicate_field /fees/card-a" },
        { With("fees", """{"card-a":{}}"""), "invalid_type /fees/card-a" },
        { With("fees", """{"card-a":[{"rate_bps":10001}]}"""), "invalid_value /fees/card-a/0/rate_bps" },
        { With("fees", """{"card-a":[{"rate_bps":1},{"currency":"usd"}]}"""), "invalid_value /fees/card-a/1/currency" },
        { With("fees", """{"card-a":[{"rate_bps":1},{"rate_bps":2}]}"""), "invalid_value /fees/card-a/1" },
        { With("fees", "{\"card-a\":[" + string.Join(',', Enumerable.Repeat("{}", 201)) + "]}"), "invalid_value /fees/card-a" },
        { With("speed", "1"), "unknown_field /speed" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_wrong_is_refused_in_its_place_and_queues_nothing(string body, string fault)
    {
        await ConnectorsAsync();
        var answer = await Host.PostAsync(Path, body);
        Assert.Equal(fault, $"{answer.Code} {answer.Param}");
        Assert.Empty((await Queue.List()).Replays);
    }

    [Fact]
    public async Task Of_one_merchant_only_the_connectors_that_serve_it_are_known()
    {
        await ConnectorsAsync();
        var theirs = With("policy", """{"strategy":"priority","order":["theirs"]}""");
        Assert.Equal(202, (await Host.PostAsync(Path, theirs)).Status);
        Assert.Equal("unknown_connector /policy/order/0", Fault(await Host.PostAsync(Path, theirs.Insert(1, $"\"merchant_id\":\"{MerchantId}\","))));
    }

    [Fact]
    public async Task The_longest_period_ends_now()
    {
        Assert.Equal(202, (await Host.PostAsync(Path, """{"from":"2025-04-12T12:00:00Z","until":null,"policy":{"strategy":"weighted_cost"}}""")).Status);
        Assert.Equal("invalid_value /from", Fault(await Host.PostAsync(Path, """{"from":"2025-04-12T11:59:59Z","policy":{"strategy":"weighted_cost"}}""")));
    }

    [Fact]
    public async Task The_same_request_under_its_key_is_the_same_replay_also_without_an_end()
    {
        const string Open = """{"from":"2026-05-01T00:00:00Z","policy":{"strategy":"weighted_cost"}}""";
        var first = await Host.PostAsync(Path, Open, idempotencyKey: "k");
        Host.Time.Now += TimeSpan.FromMinutes(1);
        var again = await Host.PostAsync(Path, Open, idempotencyKey: "k");
        Assert.Equal((202, true, first.Json.GetProperty("id").GetString()), (again.Status, again.IsReplayed, again.Json.GetProperty("id").GetString()));
        Assert.Equal("idempotency_mismatch", (await Host.PostAsync(Path, Body, idempotencyKey: "k")).Code);
        Assert.Single((await Queue.List()).Replays);
    }

    [Fact]
    public async Task Only_administrators_replay()
    {
        Assert.Equal(403, (await Host.PostAsync(Path, Body, Key)).Status);
        Assert.Equal(403, (await Host.GetAsync(Path, Key)).Status);
        Assert.Equal(403, (await Host.GetAsync(Path + "/rpl_00000000000000000000000000", Key)).Status);
        Assert.Equal(403, (await Host.SendAsync(HttpMethod.Delete, Path + "/rpl_00000000000000000000000000", null, Key)).Status);
    }

    [Fact]
    public async Task A_full_queue_says_so()
    {
        Queue.Refusal = new Refusal(RefusalCode.TooManyReplays, "1 may run and 10 wait.");
        var answer = await Host.PostAsync(Path, Body);
        Assert.Equal((429, "too_many_replays"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task While_it_runs_it_tells_how_far_it_came()
    {
        var id = await RequestedAsync();
        Change(id, view => view with { Status = RoutingReplayStatus.Running, StartedAt = ApiHost.Start, Progress = new RoutingReplayProgress(120, 1000, 333, TimeSpan.FromSeconds(1)) });
        var answer = await Host.GetAsync($"{Path}/{id}");
        Assert.Equal(("running", """{"decisions":120,"total":null,"percent":66.7}""", "null"), (Text(answer, "status"), Raw(answer, "progress"), Raw(answer, "result")));
    }

    [Fact]
    public async Task The_result_is_summed_per_currency_and_never_across()
    {
        var id = await RequestedAsync();
        Change(id, view => view with
        {
            Status = RoutingReplayStatus.Succeeded,
            Progress = new RoutingReplayProgress(12, 1000, 0, TimeSpan.FromMilliseconds(1500)),
            EndedAt = ApiHost.Start,
            Figures = new RoutingReplayFigures(
                10, 6, [new RoutingReplayCount("terms_not_stored", 2)],
                [
                    new("JPY", "a", null, 1, 700, 9, 0, 8.5m, 0, 600, 0), new("USD", "a", "a", 4, 4000, 236, 236, 147.2m, 147.2m, 3575.8m, 3575.8m),
                    new("USD", "a", "b", 3, 3000, 177, 75, 110.4m, 51, 2681.85m, 2778.75m), new("USD", "b", "a", 1, 10, 10, 30, 6, 18, 0, -19), new("USD", null, "b", 1, 5, 0, 1, 0, 1, 0, 4),
                ]),
        });
        var answer = await Host.GetAsync($"{Path}/{id}");
        Assert.Equal("""{"decisions":12,"total":12,"percent":100}""", Raw(answer, "progress"));
        const string Expected =
            """
            {"decisions":10,"changed":6,"not_comparable":{"terms_not_stored":2},"weights":{"fee":0.6,"time":0.3,"risk":0.1},"currencies":[
             {"currency":"JPY","decisions":1,"changed":1,"amount":700,"unrouted":{"before":0,"after":1},"fee":{"before":0,"after":0,"difference":0},
              "weighted_cost":{"before":0,"after":0,"difference":0},"expected_value":{"before":0,"after":0,"difference":0},
              "connectors":[{"connector":"a","before":{"decisions":1,"share":1,"amount":700,"fee":9},"after":{"decisions":0,"share":0,"amount":0,"fee":0}}],
              "moves":[{"from":"a","to":null,"decisions":1,"amount":700,"fee_difference":null}]},
             {"currency":"USD","decisions":9,"changed":5,"amount":7015,"unrouted":{"before":1,"after":0},"fee":{"before":423,"after":341,"difference":-82},
              "weighted_cost":{"before":263.6,"after":216.2,"difference":-47.4},"expected_value":{"before":6257.65,"after":6335.55,"difference":77.90},
              "connectors":[
               {"connector":"a","before":{"decisions":7,"share":0.777778,"amount":7000,"fee":413},"after":{"decisions":5,"share":0.555556,"amount":4010,"fee":266}},
               {"connector":"b","before":{"decisions":1,"share":0.111111,"amount":10,"fee":10},"after":{"decisions":4,"share":0.444444,"amount":3005,"fee":76}}],
              "moves":[{"from":"a","to":"b","decisions":3,"amount":3000,"fee_difference":-102},{"from":"b","to":"a","decisions":1,"amount":10,"fee_difference":20},
               {"from":null,"to":"b","decisions":1,"amount":5,"fee_difference":null}]}],
             "duration_ms":1500,"decisions_per_second":8}
            """;
        Assert.Equal(JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(Expected)), Raw(answer, "result"));
        var listed = (await Host.GetAsync(Path)).Json.GetProperty("data")[0];
        Assert.Equal(("succeeded", JsonValueKind.Null), (listed.GetProperty("status").GetString(), listed.GetProperty("result").ValueKind));
    }

    [Fact]
    public async Task Replays_are_listed_newest_first_by_pages()
    {
        var ids = new List<string>();
        for (var at = 0; at < 3; at++) ids.Insert(0, await RequestedAsync());
        var first = (await Host.GetAsync(Path + "?limit=2")).Json;
        Assert.Equal((ids[0], ids[1], true), (Listed(first, 0), Listed(first, 1), first.GetProperty("has_more").GetBoolean()));
        var second = (await Host.GetAsync($"{Path}?limit=2&starting_after={ids[1]}")).Json;
        Assert.Equal((ids[2], false), (Listed(second, 0), second.GetProperty("has_more").GetBoolean()));

        static string? Listed(JsonElement list, int at) => list.GetProperty("data")[at].GetProperty("id").GetString();
    }

    [Fact]
    public async Task It_is_cancelled_unless_it_has_ended()
    {
        var id = await RequestedAsync();
        for (var time = 0; time < 2; time++)
        {
            var answer = await Host.SendAsync(HttpMethod.Delete, $"{Path}/{id}");
            Assert.Equal((200, "cancelled"), (answer.Status, Text(answer, "status")));
        }

        Change(id, view => view with { Status = RoutingReplayStatus.Succeeded });
        var late = await Host.SendAsync(HttpMethod.Delete, $"{Path}/{id}");
        Assert.Equal((409, "invalid_state"), (late.Status, late.Code));
    }

    [Fact]
    public async Task One_that_there_is_not_or_is_no_more_is_not_found()
    {
        var id = await RequestedAsync();
        Queue.Forget(id);
        foreach (var unknown in new[] { id, "rpl_1", "rpl_00000000000000000000000000" })
        {
            Assert.Equal(404, (await Host.GetAsync($"{Path}/{unknown}")).Status);
            Assert.Equal(404, (await Host.SendAsync(HttpMethod.Delete, $"{Path}/{unknown}")).Status);
        }
    }

    private FakeReplays Queue => (FakeReplays)Host.Engine.Grain<IRoutingReplaysGrain>(IRoutingReplaysGrain.Key);

    private void Change(string id, Func<RoutingReplayView, RoutingReplayView> change)
    {
        var replay = (FakeReplay)Host.Engine.Grain<IRoutingReplayGrain>(id);
        replay.View = change(replay.View!);
    }

    private async Task<string> RequestedAsync() => Text(await Host.PostAsync(Path, Body), "id")!;

    private static string Raw(Answer answer, string member) => answer.Json.GetProperty(member).GetRawText();

    private static string Fault(Answer answer) => $"{answer.Code} {answer.Param}";

    private static string With(string member, string value) => Bodies.With(Body, member, value);

    private static void Same(string expected, Answer answer) => Assert.Equal(JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(expected)), answer.Body);

    private async Task ConnectorsAsync()
    {
        var (other, _) = await Host.NewMerchantAsync();
        string[] bodies =
        [
            Bodies.ConnectorNamed("card-a"), Bodies.With(Bodies.ConnectorNamed("card-b"), "merchant_id", $"\"{MerchantId}\""),
            Bodies.With(Bodies.ConnectorNamed("theirs"), "merchant_id", $"\"{other}\""),
        ];
        foreach (var body in bodies) Assert.Equal(201, (await Host.PostAsync("/api/v1/connectors", body)).Status);
    }
}
