using OrleansPayments.Idempotency;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Api.Tests.Support;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>What waits for a person, and what the person says.</summary>
public sealed class WorkItemTests : HeldPaymentTests
{
    private const string Word = """{"resolution":"captured","reason":"Their dashboard shows it"}""";

    [Fact]
    public async Task A_payment_that_waits_for_a_person_is_listed_with_what_can_be_said()
    {
        await HeldAsync();
        var id = await OpenAsync();
        var answer = await Host.GetAsync("/api/v1/work_items");
        var item = Assert.Single(answer.Json.GetProperty("data").EnumerateArray());
        Assert.Equal((200, false), (answer.Status, answer.Json.GetProperty("has_more").GetBoolean()));
        Assert.Equal((await Host.GetAsync("/api/v1/payments/" + id)).Body, item.GetProperty("payment").GetRawText());
        Assert.Equal(("outcome_unknown", "2026-05-17T12:00:00.000000Z"), (item.GetProperty("reason").GetString(), item.GetProperty("since").GetString()));
        Assert.Equal("""["captured","not_captured"]""", item.GetProperty("resolutions").GetRawText());
        Assert.Equal(
            ("card-a", "pi_7", 1050), (item.GetProperty("connector").GetString(), item.GetProperty("connector_reference").GetString(), item.GetProperty("amount").GetInt64()));
    }

    [Fact]
    public async Task Filters_reach_the_list_and_pages_go_on_behind_what_was_resolved()
    {
        var ids = new List<string> { await OpenAsync(), await OpenAsync(), await OpenAsync() };
        Assert.Equal(200, (await Host.GetAsync($"/api/v1/work_items?merchant_id={MerchantId}&reason=charge_after_end&limit=7")).Status);
        var query = Host.PaymentList.WorkQueries.Last();
        Assert.Equal((MerchantId, "charge_after_end", 7, null), (query.MerchantId!.Value.Value, query.Reason, query.Limit, query.StartingAfter));

        var first = await Host.GetAsync("/api/v1/work_items?limit=2");
        Assert.True(first.Json.GetProperty("has_more").GetBoolean());
        var seen = first.Json.GetProperty("data").EnumerateArray().Select(IdOf).ToList();
        Assert.Equal(200, (await ResolveAsync(seen[1], Word)).Status);
        var second = await Host.GetAsync("/api/v1/work_items?limit=2&starting_after=" + seen[1]);
        Assert.Equal(ids.Order(StringComparer.Ordinal), seen.Concat(second.Json.GetProperty("data").EnumerateArray().Select(IdOf)).Order(StringComparer.Ordinal));
        Assert.Equal(20, (await LastAsync("/api/v1/work_items")).Limit);

        static string IdOf(System.Text.Json.JsonElement item) => item.GetProperty("payment").GetProperty("id").GetString()!;

        async Task<Payments.WorkListQuery> LastAsync(string path)
        {
            Assert.Equal(200, (await Host.GetAsync(path)).Status);
            return Host.PaymentList.WorkQueries.Last();
        }
    }

    [Theory]
    [InlineData("limit=0", "invalid_value", "/limit")]
    [InlineData("limit=101", "invalid_value", "/limit")]
    [InlineData("reason=", "invalid_value", "/reason")]
    [InlineData("reason=12345678901234567890123456789012345678901234567890123456789012345", "invalid_value", "/reason")]
    [InlineData("merchant_id=mer_1", "invalid_value", "/merchant_id")]
    [InlineData("starting_after=pay_1", "invalid_value", "/starting_after")]
    [InlineData("starting_after=pay_00000000000000000000000000", "invalid_value", "/starting_after")]
    [InlineData("status=captured", "unknown_field", "/status")]
    public async Task A_wrong_query_is_refused(string query, string code, string param)
    {
        var answer = await Host.GetAsync("/api/v1/work_items?" + query);
        Assert.Equal((400, code, param), (answer.Status, answer.Code, answer.Param));
    }

    [Theory]
    [InlineData(null, "administrator")]
    [InlineData("Ann", "Ann")]
    public async Task A_persons_word_ends_it_under_their_name(string? name, string resolvedBy)
    {
        var id = await OpenAsync();
        var body = name is null ? Word : Bodies.With(Word, "resolved_by", $"\"{name}\"");
        var answer = await ResolveAsync(id, body, "k");
        Assert.Equal((200, "captured", "null"), (answer.Status, Text(answer, "status"), answer.Json.GetProperty("work_item").GetRawText()));
        var command = Host.Engine.Resolves.Single();
        Assert.Equal((PaymentResolution.Captured, "Their dashboard shows it", resolvedBy), (command.Resolution, command.Reason, command.ResolvedBy));
        Assert.Equal(IdempotencyKeyHash.Of("administrator", $"payments.resolve {id}", "k"), command.Identity!.Key);

        var again = await ResolveAsync(id, body, "k");
        Assert.Equal((200, true, answer.Body), (again.Status, again.IsReplayed, again.Body));
        Assert.Equal("idempotency_mismatch", (await ResolveAsync(id, Bodies.With(body, "reason", "\"Another\""), "k")).Code);
    }

    [Fact]
    public async Task What_cannot_be_said_is_refused_as_the_payment_says_it()
    {
        var answer = await ResolveAsync(await OpenAsync(), Bodies.With(Word, "resolution", "\"cancelled\""));
        Assert.Equal((409, "invalid_state", "A payment that is authorized cannot be resolved as Cancelled."), (answer.Status, answer.Code, Text(answer, "detail")));
        Assert.Equal("invalid_state", (await ResolveAsync(await HeldAsync(), Word)).Code);
        Assert.Equal(404, (await ResolveAsync("pay_00000000000000000000000000", Word)).Status);
    }

    public static TheoryData<string, string, string> BadBodies() => new()
    {
        { "{}", "missing_field", "/resolution" },
        { """{"resolution":"captured"}""", "missing_field", "/reason" },
        { """{"resolution":"Captured","reason":"r"}""", "invalid_value", "/resolution" },
        { """{"resolution":"refunded","reason":"r"}""", "invalid_value", "/resolution" },
        { """{"resolution":1,"reason":"r"}""", "invalid_type", "/resolution" },
        { """{"resolution":"captured","reason":""}""", "invalid_value", "/reason" },
        { $$"""{"resolution":"captured","reason":"{{new string('r', 1001)}}"}""", "invalid_value", "/reason" },
        { """{"resolution":"captured","reason":"card 4242 4242 4242 4242"}""", "invalid_value", "/reason" },
        { """{"resolution":"captured","reason":"r","resolved_by":""}""", "invalid_value", "/resolved_by" },
        { $$"""{"resolution":"captured","reason":"r","resolved_by":"{{new string('n', 256)}}"}""", "invalid_value", "/resolved_by" },
        { """{"resolution":"captured","reason":"r","resolved_by":"4242424242424242"}""", "invalid_value", "/resolved_by" },
        { """{"resolution":"captured","reason":"r","connector_reference":"4242424242424242"}""", "invalid_value", "/connector_reference" },
        { """{"resolution":"captured","reason":"r","amount":1}""", "unknown_field", "/amount" },
    };

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task A_bad_word_is_refused_and_reaches_no_payment(string body, string code, string param)
    {
        var answer = await ResolveAsync(await OpenAsync(), body);
        Assert.Equal((400, code, param), (answer.Status, answer.Code, answer.Param));
        Assert.Empty(Host.Engine.Resolves);
    }

    [Fact]
    public async Task The_longest_reason_is_let_through() =>
        Assert.Equal(200, (await ResolveAsync(await OpenAsync(), Bodies.With(Word, "reason", $"\"{new string('r', 1000)}\""))).Status);

    private async Task<string> OpenAsync()
    {
        var id = await HeldAsync();
        var work = new WorkItem("outcome_unknown", ApiHost.Start, [PaymentResolution.Captured, PaymentResolution.NotCaptured], "card-a", "pi_7");
        Host.Engine.Change(id, view => view with { WorkItem = work with { Amount = Money.FromMinorUnits(1050, view.Amount.Currency) } });
        return id;
    }

    private Task<Answer> ResolveAsync(string id, string body, string? idempotencyKey = null) =>
        Host.PostAsync($"/api/v1/payments/{id}/resolve", body, idempotencyKey: idempotencyKey);
}
