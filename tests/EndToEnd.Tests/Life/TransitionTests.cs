using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrleansPayments.Testing;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests.Life;

/// <summary>
/// Every row of the state table, driven over HTTP and seen in the payment's traces; and in every status each operation that the table does not know, refused.
/// </summary>
[Collection(OneSiloOfShortPatience.Name)]
public sealed partial class TransitionTests(ShortPatienceFixture system)
{
    private const string Payer3Ds = "4000002760003184";
    private const string Payer3DsThenSlow = "4000000000009201";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // Which events of the traces are a trigger of the table.
    private static readonly Dictionary<string, string[]> Triggers = new()
    {
        ["attempt_started"] = ["attempt.started"],
        ["approved"] = ["attempt.approved", "work_item.resolved"],
        ["declined"] = ["attempt.declined"],
        ["failed"] = ["attempt.failed", "payment.routes_exhausted"],
        ["passed_on"] = ["attempt.passed_on"],
        ["outcome_unknown"] = ["attempt.outcome_unknown", "operation.outcome_unknown", "operation.refused"],
        ["authorized"] = ["attempt.authorized", "work_item.resolved"],
        ["operation_started"] = ["capture.started", "cancel.started"],
        ["captured_in_full"] = ["capture.succeeded", "charge.captured"],
        ["captured_in_part"] = ["capture.succeeded", "charge.captured"],
        ["released"] = ["cancel.succeeded", "payment.cancelled", "charge.released"],
        ["back_to_authorized"] = ["operation.refused"],
        ["back_to_partially_captured"] = ["operation.refused"],
        ["action_required"] = ["attempt.action_required"],
        ["expired"] = ["payment.expired", "cancel.succeeded"],
    };

    public static TheoryData<string, string, string, string> Rows() => new()
    {
        { "created", "attempt_started", "processing", "pay" },
        { "created", "failed", "failed", "pay in a currency that nobody takes" },
        { "created", "released", "cancelled", "create, cancel" },
        { "created", "expired", "failed", "create, wait" },
        { "processing", "approved", "captured", "pay" },
        { "processing", "declined", "declined", "pay with a bad card" },
        { "processing", "failed", "failed", "pay with wrong credentials" },
        { "processing", "outcome_unknown", "processing", "pay without an answer" },
        { "processing", "authorized", "authorized", "hold" },
        { "processing", "passed_on", "processing", "pay with wrong credentials and a second connector" },
        { "processing", "attempt_started", "processing", "pay with wrong credentials and a second connector" },
        { "processing", "action_required", "requires_action", "pay with 3-D Secure" },
        { "processing", "expired", "failed", "pay with 3-D Secure, wait" },
        { "processing", "captured_in_full", "captured", "hold, capture" },
        { "processing", "captured_in_part", "partially_captured", "hold, capture 600" },
        { "processing", "released", "cancelled", "hold, cancel" },
        { "processing", "back_to_authorized", "authorized", "hold, capture in vain" },
        { "processing", "back_to_partially_captured", "partially_captured", "hold, capture 600, capture in vain" },
        { "requires_action", "approved", "captured", "pay with 3-D Secure, authenticate" },
        { "requires_action", "authorized", "authorized", "hold with 3-D Secure, authenticate" },
        { "requires_action", "declined", "declined", "pay with 3-D Secure, fail to authenticate" },
        { "requires_action", "outcome_unknown", "processing", "pay with 3-D Secure and a slow bank, authenticate" },
        { "requires_action", "operation_started", "processing", "pay with 3-D Secure, cancel" },
        { "authorized", "operation_started", "processing", "hold, capture" },
        { "authorized", "released", "cancelled", "hold, lapse at the provider" },
        { "authorized", "captured_in_full", "captured", "hold, be captured at the provider" },
        { "authorized", "captured_in_part", "partially_captured", "hold, be captured in part at the provider" },
        { "partially_captured", "operation_started", "processing", "hold, capture 600, capture" },
        { "partially_captured", "captured_in_full", "captured", "hold, capture 600, be captured at the provider" },
        { "partially_captured", "captured_in_part", "partially_captured", "hold, capture 600, be captured in part at the provider" },
        { "failed", "approved", "captured", "give up as not captured, be charged after all" },
        { "failed", "authorized", "authorized", "give up as not authorized, be held after all" },
        { "declined", "approved", "captured", "pay with a bad card, be charged after all" },
        { "declined", "authorized", "authorized", "hold with a bad card, be held after all" },
        { "cancelled", "approved", "captured", "hold, cancel, be charged after all" },
    };

    [Fact]
    public void The_table_of_this_test_is_the_table_of_the_documentation()
    {
        var page = Repository.Read("docs/payment-states.md");
        var documented = Row().Matches(page).Select(row => (row.Groups[1].Value, row.Groups[3].Value, row.Groups[2].Value)).Order().ToList();
        Assert.Equal(documented, Rows().Select(row => ((string)row[0], (string)row[1], (string)row[2])).Order());
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Every_row_can_be_driven(string from, string trigger, string to, string story)
    {
        using var play = await PlayAsync(story);
        var traces = await play.TracesAsync();
        var seen = traces.Zip(traces.Skip(1), (before, after) => (From: before.Status, To: after.Status, after.Event));
        Assert.Contains(seen, step => step.From == from && step.To == to && Triggers[trigger].Contains(step.Event));
        var present = await play.ReadAsync();
        Assert.Equal(traces[^1].Status, (string)present["status"]!);
        await play.CompareBooksAsync();
    }

    /// <summary>By status: the story that leads there, and the operations that are allowed.</summary>
    public static TheoryData<string, string, string> Statuses() => new()
    {
        { "created", "create", "confirm cancel" },
        { "processing", "pay and wait without an answer", "" },
        { "requires_action", "pay with 3-D Secure", "cancel" },
        { "authorized", "hold", "capture cancel" },
        { "partially_captured", "hold, capture 600", "capture" },
        { "captured", "pay", "" },
        { "declined", "pay with a bad card", "" },
        { "failed", "pay in a currency that nobody takes", "" },
        { "cancelled", "create, cancel", "" },
    };

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task What_the_status_does_not_allow_is_refused_by_name(string status, string story, string allowed)
    {
        using var play = await PlayAsync(story);
        var before = await play.ReadAsync();
        Assert.Equal(status, (string)before["status"]!);
        foreach (var (operation, done) in new[] { ("confirm", "confirmed"), ("capture", "captured"), ("cancel", "cancelled"), ("resolve", "resolved") })
        {
            if (allowed.Contains(operation, StringComparison.Ordinal)) continue;
            var refused = (await play.OperateAsync(operation)).Expect(HttpStatusCode.Conflict);
            Assert.Equal("invalid_state", (string)refused["code"]!);
            Assert.StartsWith($"A payment that is {status} cannot be {done}", (string)refused["detail"]!, StringComparison.Ordinal);
        }

        Assert.Equal(before.ToJsonString(), (await play.ReadAsync()).ToJsonString());
    }

    private async Task<Play> PlayAsync(string story)
    {
        var play = new Play(system, await system.OpenShopAsync(connector => Prepare(connector, story)));
        if (story.Contains("at the provider", StringComparison.Ordinal)) await system.Simulator.TellAsync(play.Shop.Account, system.Silo.Address);
        foreach (var step in story.Split(", ")) await play.StepAsync(step);
        return play;
    }

    private static void Prepare(JsonObject connector, string story)
    {
        connector["timeout_ms"] = 400;
        connector["inquiry"]!["first_after_ms"] = story.Contains("wait without", StringComparison.Ordinal) ? 60_000 : 100;
        if (story.StartsWith("give up", StringComparison.Ordinal))
        {
            connector["inquiry"]!["give_up_after_seconds"] = 1;
            connector["inquiry"]!["not_found_final_after_seconds"] = 1;
        }

        if (story.Contains("wrong credentials", StringComparison.Ordinal)) connector["credentials"]!["secret_key"] = "sk_test_nobody";
    }

    [GeneratedRegex(@"^    (\w+) --> (\w+): (\w+)$", RegexOptions.Multiline)]
    private static partial Regex Row();

    // One payment, and what is done to it step by step.
    private sealed class Play(ShortPatienceFixture system, Shop shop) : IDisposable
    {
        private JsonObject _payment = [];

        public Shop Shop { get; } = shop;

        private string Id => (string)_payment["id"]!;

        private string Second => Shop.Account + "-second";

        private StripeDesk Desk => new(system.Simulator, Shop.Account);

        private Uri Silo => system.Silo.Address;

        public Task StepAsync(string step) => step switch
        {
            "pay" => PayAsync(),
            "pay in a currency that nobody takes" => PayAsync(currency: "EUR"),
            "pay with a bad card" => PayAsync("4000000000000002"),
            "pay with wrong credentials" => PayAsync(),
            "pay with wrong credentials and a second connector" => FailOverAsync(),
            "hold with a bad card" => PayAsync("4000000000000002", "manual"),
            "pay without an answer" => LoseAsync(until: "captured"),
            "pay and wait without an answer" => LoseAsync(until: "processing"),
            "pay with 3-D Secure" => PayAsync(Payer3Ds),
            "pay with 3-D Secure and a slow bank" => PayAsync(Payer3DsThenSlow),
            "hold with 3-D Secure" => PayAsync(Payer3Ds, "manual"),
            "hold" => PayAsync(captureMethod: "manual_multiple"),
            "create" => PayAsync(confirm: false),
            "cancel" => OkAsync("cancel"),
            "capture" => OkAsync("capture"),
            "capture 600" => OkAsync("capture", new JsonObject { ["amount"] = 600 }),
            "capture in vain" => CaptureInVainAsync(),
            "wait" => BecomesAsync("failed"),
            "authenticate" => AnswerBankAsync("complete"),
            "fail to authenticate" => AnswerBankAsync("fail"),
            "lapse at the provider" => LapseAsync(),
            "be captured at the provider" => CaptureThereAsync("captured"),
            "be captured in part at the provider" => CaptureThereAsync("partially_captured", ("amount_to_capture", "100"), ("final_capture", "false")),
            "give up as not captured" => GiveUpAsync("automatic", "not_captured"),
            "give up as not authorized" => GiveUpAsync("manual", "not_authorized"),
            "be charged after all" => SurfaceAsync("succeeded", 1099, "captured"),
            "be held after all" => SurfaceAsync("requires_capture", 0, "authorized"),
            _ => throw new ArgumentOutOfRangeException(nameof(step), step, "No such step."),
        };

        public async Task<JsonObject> ReadAsync() => (await Shop.Api.GetAsync("/payments/" + Id)).Expect(HttpStatusCode.OK).Json;

        public async Task<List<(string Event, string Status)>> TracesAsync() =>
            [.. (await Shop.Api.GetAsync($"/payments/{Id}/traces")).Expect(HttpStatusCode.OK)["data"]!.AsArray().Select(trace => ((string)trace!["event"]!, (string)trace["status"]!))];

        public Task<ApiAnswer> OperateAsync(string operation) => operation == "resolve"
            ? system.Silo.Admin.PostAsync($"/payments/{Id}/resolve", Word("captured"))
            : Shop.Api.PostAsync($"/payments/{Id}/{operation}", new JsonObject());

        // What a test made the provider say without doing it is in no books.
        public async Task CompareBooksAsync()
        {
            List<JsonObject> charges = [.. await system.Simulator.ChargesAsync(Shop.Account), .. await system.Simulator.ChargesAsync(Second)];
            Assert.InRange(charges.Count, 0, 1);
            var payment = await ReadAsync();
            if (!(await TracesAsync()).Any(trace => trace.Event == "charge.surfaced"))
                Assert.Equal((int)payment["amount_captured"]!, charges.Sum(charge => (int)charge["amount_captured"]!));
        }

        public void Dispose() => Shop.Dispose();

        private async Task PayAsync(string card = Bodies.GoodCard, string captureMethod = "automatic", string currency = "USD", bool confirm = true)
        {
            var body = Bodies.Payment(card, currency: currency);
            body["capture_method"] = captureMethod;
            body["return_url"] = "https://shop.example/";
            body["confirm"] = confirm;
            _payment = await Shop.PayAsync(body);
        }

        private async Task FailOverAsync()
        {
            await Shop.AddConnectorAsync(system.Silo.Admin, system.Simulator, Second, connector => connector["priority"] = 2);
            await PayAsync();
            Assert.Equal(Second, (string)_payment["connector"]!);
        }

        private async Task LoseAsync(string until)
        {
            await system.Simulator.AddFaultAsync(Shop.Account, "create", "timeout_after");
            await PayAsync();
            await BecomesAsync(until);
        }

        private async Task OkAsync(string operation, JsonObject? body = null) =>
            (await Shop.Api.PostAsync($"/payments/{Id}/{operation}", body ?? [])).Expect(HttpStatusCode.OK);

        private async Task CaptureInVainAsync()
        {
            await system.Simulator.AddFaultAsync(Shop.Account, "capture", "decline");
            await OkAsync("capture");
        }

        private async Task AnswerBankAsync(string outcome)
        {
            var back = await Payer.AnswerAsync(new Uri((string)(await ReadAsync())["next_action"]!["url"]!), outcome);
            await Payer.OpenAsync(back);
            await Shop.OutcomeAsync(Id, Patience);
        }

        private async Task LapseAsync()
        {
            await system.Simulator.ExpireAsync(Shop.Account);
            await BecomesAsync("cancelled");
        }

        private async Task CaptureThereAsync(string status, params (string Name, string Value)[] form)
        {
            var before = (int)(await ReadAsync())["amount_captured"]!;
            await Desk.PostAsync($"payment_intents/{(string)_payment["connector_reference"]!}/capture", form);
            await Eventually.TrueAsync("more captured", Patience, async () => (int)(await ReadAsync())["amount_captured"]! > before);
            await BecomesAsync(status);
        }

        private async Task GiveUpAsync(string captureMethod, string resolution)
        {
            await system.Simulator.AddFaultAsync(Shop.Account, "create", "timeout_before");
            await system.Simulator.AddFaultAsync(Shop.Account, "retrieve", "http_500", times: 1_000);
            await PayAsync(captureMethod: captureMethod);
            await Eventually.TrueAsync("a work item", Patience, async () => (await ReadAsync())["work_item"] is not null);
            (await system.Silo.Admin.PostAsync($"/payments/{Id}/resolve", Word(resolution))).Expect(HttpStatusCode.OK);
        }

        private async Task SurfaceAsync(string status, int received, string resolution)
        {
            Assert.Equal(HttpStatusCode.OK, await Desk.TellAsync(Silo, await ReadAsync(), status, received));
            Assert.Equal("charge_after_end", (string)(await ReadAsync())["work_item"]!["reason"]!);
            (await system.Silo.Admin.PostAsync($"/payments/{Id}/resolve", Word(resolution))).Expect(HttpStatusCode.OK);
        }

        private Task BecomesAsync(string status) =>
            Eventually.TrueAsync($"{Id} {status}", Patience, async () => (string)(await ReadAsync())["status"]! == status);

        private static JsonObject Word(string resolution) => new() { ["resolution"] = resolution, ["reason"] = "Looked it up.", ["resolved_by"] = "ann" };
    }
}
