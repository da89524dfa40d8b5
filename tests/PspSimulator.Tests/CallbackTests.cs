using System.Net;

namespace OrleansPayments.PspSimulator.Tests;

public sealed class CallbackTests(RunningSimulator simulator) : IClassFixture<RunningSimulator>
{
    [Fact]
    public async Task A_callback_is_signed_and_carries_the_object_as_it_was()
    {
        using var stripe = simulator.NewAccount();
        await using var shop = await CallbackReceiver.StartAsync(stripe);
        var reply = await stripe.CreateAsync(StripeClient.Charge(attempt: "a"), "key-1");
        await stripe.RefundAsync($"payment_intent={reply.Text("id")}");
        await shop.UntilAsync(5);

        Assert.All(shop.Received, callback => Assert.True(callback.IsSignedBy("whsec_" + stripe.Account)));
        Assert.All(shop.Received, callback => Assert.InRange(TimeProvider.System.GetUtcNow() - callback.SignedAt, TimeSpan.FromSeconds(-2), TimeSpan.FromSeconds(10)));
        var succeeded = Assert.Single(shop.Received, callback => callback.Type == "payment_intent.succeeded");
        Assert.StartsWith("evt_", succeeded.Id, StringComparison.Ordinal);
        Assert.Equal("application/json; charset=utf-8", succeeded.ContentType);
        Assert.Equal("event", succeeded.Json.GetProperty("object").GetString());
        Assert.Equal("2026-07-29.dahlia", succeeded.Json.GetProperty("api_version").GetString());
        Assert.False(succeeded.Json.GetProperty("livemode").GetBoolean());
        Assert.True(succeeded.Json.GetProperty("created").GetInt64() > 0);
        Assert.Equal(reply.Header("Request-Id"), succeeded.Json.GetProperty("request").GetProperty("id").GetString());
        Assert.Equal("key-1", succeeded.Json.GetProperty("request").GetProperty("idempotency_key").GetString());
        Assert.Equal(reply.Body, succeeded.Subject.GetRawText());
        Assert.Equal(5, shop.Received.Select(callback => callback.Id).Distinct().Count());
    }

    [Theory]
    [InlineData("charge", "payment_intent.created charge.succeeded payment_intent.succeeded")]
    [InlineData("decline", "payment_intent.created charge.failed payment_intent.payment_failed")]
    [InlineData("later", "payment_intent.created charge.pending payment_intent.processing charge.succeeded payment_intent.succeeded")]
    [InlineData("authenticate", "payment_intent.created payment_intent.requires_action charge.succeeded payment_intent.succeeded")]
    [InlineData("fail", "payment_intent.created payment_intent.requires_action payment_intent.payment_failed")]
    [InlineData("capture", "payment_intent.created charge.succeeded payment_intent.amount_capturable_updated charge.captured payment_intent.succeeded")]
    [InlineData("parts", "payment_intent.created charge.succeeded payment_intent.amount_capturable_updated charge.updated payment_intent.amount_capturable_updated charge.captured payment_intent.succeeded")]
    [InlineData("cancel", "payment_intent.created charge.succeeded payment_intent.amount_capturable_updated charge.refunded payment_intent.canceled")]
    [InlineData("expire", "payment_intent.created charge.succeeded payment_intent.amount_capturable_updated charge.expired payment_intent.canceled")]
    [InlineData("refund", "payment_intent.created charge.succeeded payment_intent.succeeded refund.created charge.refunded")]
    [InlineData("pending", "payment_intent.created charge.succeeded payment_intent.succeeded refund.created charge.refunded refund.updated charge.refund.updated")]
    [InlineData("unrefund", "payment_intent.created charge.succeeded payment_intent.succeeded refund.created charge.refunded charge.updated refund.updated charge.refund.updated refund.failed")]
    public async Task Every_change_is_told_in_order(string story, string types)
    {
        using var stripe = simulator.NewAccount();
        await using var shop = await CallbackReceiver.StartAsync(stripe);

        await TellAsync(stripe, story);

        var expected = types.Split(' ');
        await shop.UntilAsync(expected.Length);
        Assert.Equal(expected, shop.Types);
    }

    [Fact]
    public async Task A_callback_comes_again_until_it_is_acknowledged_and_those_behind_it_wait()
    {
        using var stripe = simulator.NewAccount();
        await using var shop = await CallbackReceiver.StartAsync(stripe);
        var refusals = 2;
        shop.Answer = callback => callback.Type == "charge.succeeded" && Interlocked.Decrement(ref refusals) >= 0 ? 503 : 204;

        await stripe.CreateAsync(StripeClient.Charge());
        await shop.UntilAsync(5);

        Assert.Equal(["payment_intent.created", "charge.succeeded", "charge.succeeded", "charge.succeeded", "payment_intent.succeeded"], shop.Types);
        await Wait.UntilAsync(async () => (await StatesAsync(stripe)).SequenceEqual(["delivered 1 204", "delivered 3 204", "delivered 1 204"]));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(302)]
    [InlineData(0)]
    public async Task Nobody_is_called_for_ever(int status)
    {
        using var stripe = simulator.NewAccount();
        var shop = await CallbackReceiver.StartAsync(stripe);
        shop.Answer = _ => status;
        if (status == 0) await shop.DisposeAsync();

        await stripe.CreatedAsync(new Dictionary<string, string> { ["amount"] = "700", ["currency"] = "usd" });

        await Wait.UntilAsync(async () => (await StatesAsync(stripe)).SequenceEqual([$"failed 3 {status}"]));
        Assert.Equal(status == 0 ? 0 : 3, shop.Received.Length);
        if (status != 0) await shop.DisposeAsync();
    }

    [Fact]
    public async Task Held_callbacks_leave_when_they_are_released_in_either_order()
    {
        using var stripe = simulator.NewAccount();
        await using var shop = await CallbackReceiver.StartAsync(stripe);
        await stripe.SteerAsync("callbacks", """{"mode":"hold"}""");
        await stripe.CreateAsync(StripeClient.Charge());
        await stripe.SteerAsync("callbacks", """{"mode":"normal"}""");
        var beside = await stripe.CreatedAsync(new Dictionary<string, string> { ["amount"] = "700", ["currency"] = "usd" });
        await shop.UntilAsync(1);
        Assert.Equal(beside, shop.Received[0].Subject.GetProperty("id").GetString());
        Assert.Equal(["held 0 0", "held 0 0", "held 0 0"], (await StatesAsync(stripe))[..3]);

        var first = (await stripe.ControlListAsync("callbacks"))[0].GetProperty("event").GetString();
        Assert.Equal(1, await stripe.SteerAsync("callbacks/release", $$"""{"event":"{{first}}"}"""));
        await shop.UntilAsync(2);
        Assert.Equal(2, await stripe.SteerAsync("callbacks/release", """{"order":"newest_first"}"""));
        await shop.UntilAsync(4);

        Assert.Equal(["payment_intent.created", "payment_intent.succeeded", "charge.succeeded"], shop.Types.Skip(1));
        Assert.Equal(0, await stripe.SteerAsync("callbacks/release", "{}"));
    }

    [Fact]
    public async Task Duplicates_are_the_same_event_twice()
    {
        using var stripe = simulator.NewAccount();
        await using var shop = await CallbackReceiver.StartAsync(stripe);
        await stripe.SteerAsync("callbacks", """{"mode":"duplicate","type":"payment_intent.succeeded"}""");

        await stripe.CreateAsync(StripeClient.Charge());
        await shop.UntilAsync(4);

        Assert.Equal(["payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "payment_intent.succeeded"], shop.Types);
        Assert.Equal(shop.Received[2].Body, shop.Received[3].Body);
    }

    [Fact]
    public async Task Reordered_callbacks_come_newest_first()
    {
        using var stripe = simulator.NewAccount();
        await using var shop = await CallbackReceiver.StartAsync(stripe);
        await stripe.SteerAsync("callbacks", """{"mode":"reorder"}""");

        await stripe.CreateAsync(StripeClient.Charge());
        await shop.UntilAsync(3);

        Assert.Equal(["payment_intent.succeeded", "charge.succeeded", "payment_intent.created"], shop.Types);
    }

    [Fact]
    public async Task Ordinary_callbacks_come_after_the_answer_and_early_ones_before()
    {
        using var stripe = simulator.NewAccount();
        await using var shop = await CallbackReceiver.StartAsync(stripe);
        var acknowledge = new TaskCompletionSource();
        shop.Before = acknowledge.Task;

        // An ordinary callback that is not acknowledged keeps nobody waiting.
        Assert.Equal(HttpStatusCode.OK, (await stripe.CreateAsync(StripeClient.Charge())).Status);
        await shop.UntilAsync(1);

        await stripe.SteerAsync("callbacks", """{"mode":"early","type":"payment_intent.succeeded"}""");
        var call = stripe.CreateAsync(StripeClient.Charge());
        await shop.UntilAsync(2);
        Assert.Equal("payment_intent.succeeded", shop.Received[1].Type);
        await Assert.ThrowsAsync<TimeoutException>(() => call.WaitAsync(TimeSpan.FromMilliseconds(100)));
        acknowledge.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await call).Status);
        await shop.UntilAsync(6);
    }

    [Fact]
    public async Task An_early_callback_comes_even_if_the_answer_never_does()
    {
        using var stripe = simulator.NewAccount();
        await using var shop = await CallbackReceiver.StartAsync(stripe);
        await stripe.SteerAsync("callbacks", """{"mode":"early","times":3}""");
        await stripe.InjectAsync("create", "reset_after");

        await Assert.ThrowsAsync<HttpRequestException>(() => stripe.CreateAsync(StripeClient.Charge()));
        await shop.UntilAsync(3);

        Assert.Single(await stripe.ChargesAsync());
    }

    [Theory]
    [InlineData("timeout_before", 0)]
    [InlineData("timeout_after", 3)]
    public async Task A_call_that_is_never_answered_is_told_of_if_it_had_an_effect(string kind, int callbacks)
    {
        using var stripe = simulator.NewAccount();
        await using var shop = await CallbackReceiver.StartAsync(stripe);
        await stripe.InjectAsync("create", kind);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stripe.CreateAsync(StripeClient.Charge(), "k", patience.Token));

        await shop.UntilAsync(callbacks);
        Assert.Equal(callbacks, (await stripe.ControlListAsync("callbacks")).Length);
    }

    [Theory]
    [InlineData("drop", "dropped 0 0", false, 0)]
    [InlineData("forge", "failed 1 400", false, 0)]
    [InlineData("stale", "failed 1 400", true, 3600)]
    public async Task What_no_shop_should_believe_is_sent_once_or_never(string mode, string state, bool genuine, int ageSeconds)
    {
        using var stripe = simulator.NewAccount();
        await using var shop = await CallbackReceiver.StartAsync(stripe);
        shop.Answer = _ => 400;
        await stripe.SteerAsync("callbacks", $$"""{"mode":"{{mode}}"}""");

        await stripe.CreatedAsync(new Dictionary<string, string> { ["amount"] = "700", ["currency"] = "usd" });

        await Wait.UntilAsync(async () => (await StatesAsync(stripe)).SequenceEqual([state]));
        if (mode == "drop")
        {
            Assert.Empty(shop.Received);
            return;
        }

        var callback = Assert.Single(shop.Received);
        Assert.Equal(genuine, callback.IsSignedBy("whsec_" + stripe.Account));
        Assert.InRange((TimeProvider.System.GetUtcNow() - callback.SignedAt).TotalSeconds, ageSeconds - 2, ageSeconds + 10);
    }

    [Theory]
    [InlineData("", true, 0)]
    [InlineData(""","age_seconds":400""", true, 400)]
    [InlineData(""","forged":true""", false, 0)]
    public async Task An_event_can_be_sent_again_as_it_was_or_as_an_attacker_would(string fields, bool genuine, int ageSeconds)
    {
        using var stripe = simulator.NewAccount();
        await using var shop = await CallbackReceiver.StartAsync(stripe);
        await stripe.CreateAsync(StripeClient.Charge());
        await shop.UntilAsync(3);
        var known = shop.Received[1];

        Assert.Equal(1, await stripe.SteerAsync("callbacks/replay", $$"""{"event":"{{known.Id}}"{{fields}}}"""));
        await shop.UntilAsync(4);

        Assert.Equal(known.Body, shop.Received[3].Body);
        Assert.Equal(genuine, shop.Received[3].IsSignedBy("whsec_" + stripe.Account));
        Assert.InRange((TimeProvider.System.GetUtcNow() - shop.Received[3].SignedAt).TotalSeconds, ageSeconds - 2, ageSeconds + 10);
        Assert.Equal(HttpStatusCode.BadRequest, (await stripe.ControlAsync("callbacks/replay", """{"event":"evt_0"}""")).Status);
    }

    [Fact]
    public async Task A_rule_is_about_its_type_and_ends_after_its_times()
    {
        using var stripe = simulator.NewAccount();
        await using var shop = await CallbackReceiver.StartAsync(stripe);
        await stripe.SteerAsync("callbacks", """{"mode":"drop","type":"charge.succeeded","times":1}""");

        await stripe.CreateAsync(StripeClient.Charge());
        await stripe.CreateAsync(StripeClient.Charge());
        await shop.UntilAsync(5);

        Assert.Equal(1, shop.Types.Count(type => type == "charge.succeeded"));
    }

    [Fact]
    public async Task Endpoints_are_set_up_over_the_api_and_get_what_they_asked_for()
    {
        using var stripe = simulator.NewAccount();
        await using var shop = await CallbackReceiver.StartAsync();
        var created = await stripe.PostAsync($"{stripe.Api}/webhook_endpoints", [
            new("url", shop.Url), new("enabled_events[]", "payment_intent.succeeded"), new("enabled_events[]", "refund.created"), new("metadata[a]", "b")]);
        Assert.Equal("whsec_" + stripe.Account, created.Text("secret"));
        Assert.Equal("webhook_endpoint", created.Text("object"));
        Assert.Equal(["payment_intent.succeeded", "refund.created"], created.Json.GetProperty("enabled_events").EnumerateArray().Select(type => type.GetString()));

        var id = await stripe.CreatedAsync(StripeClient.Charge());
        await stripe.RefundAsync($"payment_intent={id}");
        await shop.UntilAsync(2);
        Assert.Equal(["payment_intent.succeeded", "refund.created"], shop.Types);

        var listed = Assert.Single((await stripe.GetAsync($"{stripe.Api}/webhook_endpoints")).Json.GetProperty("data").EnumerateArray());
        Assert.False(listed.TryGetProperty("secret", out _));
        var deleted = await stripe.DeleteAsync($"{stripe.Api}/webhook_endpoints/{created.Text("id")}");
        Assert.True(deleted.Json.GetProperty("deleted").GetBoolean());
        await stripe.CreateAsync(StripeClient.Charge());
        Assert.Equal(2, (await stripe.ControlListAsync("callbacks")).Length);
    }

    [Theory]
    [InlineData("http://192.0.2.1/hook")]
    [InlineData("http://shop.example/hook")]
    [InlineData("http://127.0.0.1.shop.example/hook")]
    [InlineData("http://127.0.0.1@shop.example/hook")]
    [InlineData("http://0.0.0.0:80/hook")]
    [InlineData("https://127.0.0.1/hook")]
    [InlineData("file://localhost/etc/passwd")]
    [InlineData("/hook")]
    public async Task Only_this_machine_can_be_called(string url)
    {
        using var stripe = simulator.NewAccount();

        var overApi = await stripe.PostAsync($"{stripe.Api}/webhook_endpoints", [new("url", url), new("enabled_events[]", "*")]);
        var overControl = await stripe.ControlAsync("webhooks", $$"""{"url":"{{url}}"}""");

        Assert.Equal("url_invalid", overApi.ErrorText("code"));
        Assert.Equal("url", overControl.ErrorText("param"));
        Assert.Empty(await stripe.ControlListAsync("webhooks"));
    }

    [Theory]
    [InlineData("callbacks", """{"mode":"explode"}""", "mode")]
    [InlineData("callbacks", """{"mode":"hold","times":0}""", "times")]
    [InlineData("callbacks", """{"mode":"hold","type":""}""", "type")]
    [InlineData("callbacks/release", """{"order":"random"}""", "order")]
    [InlineData("callbacks/replay", "{}", "event")]
    [InlineData("callbacks/replay", """{"event":"evt_1","age_seconds":-1}""", "age_seconds")]
    [InlineData("callbacks/replay", """{"event":"evt_1","forged":1}""", "forged")]
    [InlineData("webhooks", """{"url":"http://127.0.0.1:1/","types":["*"]}""", "types")]
    [InlineData("expire", """{"id":7}""", "id")]
    [InlineData("expire", """{"all":true}""", "all")]
    public async Task A_wrong_body_is_400_and_names_the_field(string path, string body, string field)
    {
        using var stripe = simulator.NewAccount();

        var reply = await stripe.ControlAsync(path, body);

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal(field, reply.ErrorText("param"));
    }

    [Theory]
    [InlineData("hold")]
    [InlineData("normal")]
    public async Task Too_many_waiting_callbacks_are_dropped_and_a_stop_does_not_wait_for_them(string mode)
    {
        await using var host = PspSimulatorHost.Create(RunningSimulator.Quick with { MaxCallbacksPerAccount = 4 });
        await host.StartAsync();
        using var stripe = new StripeClient(new Uri(PspSimulatorHost.AddressOf(host)), "a");
        await using var shop = await CallbackReceiver.StartAsync(stripe);
        var acknowledge = new TaskCompletionSource();
        shop.Before = acknowledge.Task;
        await stripe.SteerAsync("callbacks", $$"""{"mode":"{{mode}}"}""");
        await stripe.CreateAsync(StripeClient.Charge());

        await stripe.CreateAsync(StripeClient.Charge());

        var states = (await stripe.ControlListAsync("callbacks")).Select(delivery => delivery.GetProperty("state").GetString()!);
        Assert.Equal(mode == "hold" ? ["held", "held", "dropped", "dropped"] : ["waiting", "waiting", "dropped", "dropped"], states);
        var before = TimeProvider.System.GetTimestamp();
        await host.StopAsync();
        Assert.InRange(TimeProvider.System.GetElapsedTime(before).TotalSeconds, 0, 1);
        acknowledge.SetResult();
    }

    [Fact]
    public async Task Seventeen_endpoints_are_too_many()
    {
        using var stripe = simulator.NewAccount();
        for (var port = 1; port <= 16; port++) await stripe.SteerAsync("webhooks", $$"""{"url":"http://localhost:{{port}}/"}""");

        Assert.Equal(HttpStatusCode.BadRequest, (await stripe.ControlAsync("webhooks", """{"url":"http://localhost:17/"}""")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await stripe.DeleteAsync($"/control/{stripe.Account}/webhooks")).Status);
        Assert.Empty(await stripe.ControlListAsync("webhooks"));
    }

    private static async Task<string[]> StatesAsync(StripeClient stripe) =>
        [.. (await stripe.ControlListAsync("callbacks")).Select(delivery => $"{delivery.GetProperty("state")} {delivery.GetProperty("attempts")} {delivery.GetProperty("last_status")}")];

    private static async Task TellAsync(StripeClient stripe, string story)
    {
        var reply = await stripe.CreateAsync(story switch
        {
            "decline" => StripeClient.Charge("4000000000000002"),
            "later" => StripeClient.Charge("4000000000009193"),
            "authenticate" or "fail" => StripeClient.Charge("4000000000003220"),
            "capture" or "parts" or "cancel" or "expire" => StripeClient.Authorization(multicapture: true),
            "pending" => StripeClient.Charge("4000000000007726"),
            "unrefund" => StripeClient.Charge("4000000000005126"),
            _ => StripeClient.Charge(),
        });
        if (story is "authenticate" or "fail")
        {
            using var payer = new Payer(reply);
            await payer.AnswerAsync(story == "fail" ? "fail" : "complete");
        }

        if (story == "parts") await stripe.ActAsync(reply.Text("id")!, "capture", "amount_to_capture=1&final_capture=false");
        if (story is "capture" or "parts") await stripe.ActAsync(reply.Text("id")!, "capture");
        if (story == "cancel") await stripe.ActAsync(reply.Text("id")!, "cancel");
        if (story == "expire") await stripe.SteerAsync("expire", "{}");
        if (story is "refund" or "pending" or "unrefund") await stripe.RefundAsync($"payment_intent={reply.Text("id")}");
    }
}
