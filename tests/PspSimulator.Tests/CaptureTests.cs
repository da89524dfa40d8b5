using System.Net;

namespace OrleansPayments.PspSimulator.Tests;

public sealed class CaptureTests(RunningSimulator simulator) : IClassFixture<RunningSimulator>
{
    [Theory]
    [InlineData("", 1099, 0)]
    [InlineData("amount_to_capture=1099", 1099, 0)]
    [InlineData("amount_to_capture=1", 1, 1098)]
    [InlineData("amount_to_capture=600&final_capture=true", 600, 499)]
    public async Task A_capture_takes_its_amount_and_gives_the_rest_back(string fields, long captured, long released)
    {
        using var stripe = simulator.NewAccount();
        var id = await stripe.CreatedAsync(StripeClient.Authorization());

        var reply = await stripe.ActAsync(id, "capture", fields);

        Assert.Equal("succeeded", reply.Text("status"));
        Assert.Equal(captured, reply.Number("amount_received"));
        Assert.Equal(0, reply.Number("amount_capturable"));
        var charge = (await stripe.IntentAsync(id)).Charge;
        Assert.Equal(captured, charge.GetProperty("amount_captured").GetInt64());
        Assert.Equal(released, charge.GetProperty("amount_refunded").GetInt64());
        Assert.True(charge.GetProperty("captured").GetBoolean());
        Assert.False(charge.GetProperty("refunded").GetBoolean());
        Assert.Equal($"captured 1099 {captured} 0", await stripe.BookAsync());
        Assert.Single((await stripe.SearchAsync("status:'succeeded'")).Json.GetProperty("data").EnumerateArray());
    }

    [Theory]
    [InlineData("amount_to_capture=1100", "amount_too_large", "amount_to_capture")]
    [InlineData("amount_to_capture=0", "parameter_invalid_integer", "amount_to_capture")]
    [InlineData("amount_to_capture=-1", "parameter_invalid_integer", "amount_to_capture")]
    [InlineData("amount_to_capture=all", "parameter_invalid_integer", "amount_to_capture")]
    [InlineData("amount_to_capture=500&final_capture=false", null, "final_capture")]
    [InlineData("final_capture=perhaps", null, "final_capture")]
    [InlineData("amount=500", "parameter_unknown", "amount")]
    public async Task A_capture_that_cannot_be_is_refused_and_takes_nothing(string fields, string? code, string param)
    {
        using var stripe = simulator.NewAccount();
        var id = await stripe.CreatedAsync(StripeClient.Authorization());

        var reply = await stripe.ActAsync(id, "capture", fields);

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal("invalid_request_error", reply.ErrorText("type"));
        Assert.Equal(code, reply.ErrorText("code"));
        Assert.Equal(param, reply.ErrorText("param"));
        Assert.Equal("authorized 1099 0 0", await stripe.BookAsync());
        Assert.Equal(1099, (await stripe.IntentAsync(id)).Number("amount_capturable"));
    }

    [Fact]
    public async Task Several_captures_take_their_amounts_until_one_is_final()
    {
        using var stripe = simulator.NewAccount();
        var id = await stripe.CreatedAsync(StripeClient.Authorization(multicapture: true));
        Assert.Equal("available", Multicapture(await stripe.IntentAsync(id)));

        var first = await stripe.ActAsync(id, "capture", "amount_to_capture=300&final_capture=false");
        Assert.Equal("requires_capture", first.Text("status"));
        Assert.Equal(300, first.Number("amount_received"));
        Assert.Equal(799, first.Number("amount_capturable"));
        Assert.Equal(0, (await stripe.IntentAsync(id)).Charge.GetProperty("amount_refunded").GetInt64());
        Assert.Equal("captured 1099 300 0", await stripe.BookAsync());

        Assert.Equal("amount_too_large", (await stripe.ActAsync(id, "capture", "amount_to_capture=800&final_capture=false")).ErrorText("code"));
        Assert.Equal("parameter_invalid_integer", (await stripe.ActAsync(id, "capture", "amount_to_capture=0&final_capture=false")).ErrorText("code"));

        var last = await stripe.ActAsync(id, "capture", "amount_to_capture=200");
        Assert.Equal("succeeded", last.Text("status"));
        Assert.Equal(500, last.Number("amount_received"));
        Assert.Equal(599, (await stripe.IntentAsync(id)).Charge.GetProperty("amount_refunded").GetInt64());
        Assert.Equal("captured 1099 500 0", await stripe.BookAsync());
        Assert.Equal("payment_intent_unexpected_state", (await stripe.ActAsync(id, "capture")).ErrorText("code"));
    }

    [Theory]
    [InlineData("amount_to_capture=799&final_capture=false", 1099)]
    [InlineData("final_capture=false", 1099)]
    [InlineData("amount_to_capture=0&final_capture=true", 300)]
    public async Task A_partly_captured_intent_ends_with_its_last_part_or_without_one(string fields, long captured)
    {
        using var stripe = simulator.NewAccount();
        var id = await stripe.CreatedAsync(StripeClient.Authorization(multicapture: true));
        await stripe.ActAsync(id, "capture", "amount_to_capture=300&final_capture=false");

        Assert.Equal("succeeded", (await stripe.ActAsync(id, "capture", fields)).Text("status"));
        Assert.Equal($"captured 1099 {captured} 0", await stripe.BookAsync());
    }

    [Fact]
    public async Task The_fiftieth_capture_must_be_final()
    {
        using var stripe = simulator.NewAccount();
        var id = await stripe.CreatedAsync(StripeClient.Authorization(multicapture: true));
        for (var at = 0; at < 49; at++) await stripe.ActAsync(id, "capture", "amount_to_capture=1&final_capture=false");

        Assert.Equal("final_capture", (await stripe.ActAsync(id, "capture", "amount_to_capture=1&final_capture=false")).ErrorText("param"));
        Assert.Equal(50, (await stripe.ActAsync(id, "capture", "amount_to_capture=1")).Number("amount_received"));
    }

    [Fact]
    public async Task Multicapture_is_not_available_unless_asked_for_and_for_cards_of_no_known_network()
    {
        using var stripe = simulator.NewAccount();

        Assert.Equal("unavailable", Multicapture(await stripe.IntentAsync(await stripe.CreatedAsync(StripeClient.Authorization()))));
        Assert.Equal("unavailable", Multicapture(await stripe.IntentAsync(await stripe.CreatedAsync(
            StripeClient.Authorization(multicapture: true, number: "9000000000000001")))));
    }

    [Theory]
    [InlineData("requires_payment_method")]
    [InlineData("requires_confirmation")]
    [InlineData("requires_action")]
    [InlineData("processing")]
    [InlineData("succeeded")]
    [InlineData("canceled")]
    public async Task Only_an_authorized_intent_can_be_captured(string status)
    {
        await using var host = await LateSimulator.StartAsync();
        using var stripe = host.NewAccount();
        var id = await InStateAsync(stripe, status);

        var reply = await stripe.ActAsync(id, "capture");

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal("payment_intent_unexpected_state", reply.ErrorText("code"));
        Assert.Equal(status, reply.Error.GetProperty("payment_intent").GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("requires_payment_method", "")]
    [InlineData("requires_confirmation", "cancellation_reason=duplicate")]
    [InlineData("requires_action", "cancellation_reason=abandoned")]
    [InlineData("processing", "cancellation_reason=fraudulent")]
    [InlineData("requires_capture", "cancellation_reason=requested_by_customer")]
    public async Task What_is_not_through_can_be_canceled_and_moves_no_money_any_more(string status, string fields)
    {
        await using var host = await LateSimulator.StartAsync();
        using var stripe = host.NewAccount();
        var id = await InStateAsync(stripe, status);

        var reply = await stripe.ActAsync(id, "cancel", fields);

        Assert.Equal("canceled", reply.Text("status"));
        Assert.Equal(fields.Length == 0 ? null : fields.Split('=')[1], reply.Text("cancellation_reason"));
        Assert.True(reply.Number("canceled_at") > 0);
        Assert.Equal(0, reply.Number("amount_capturable"));
        foreach (var action in (string[])["confirm", "capture", "cancel"])
            Assert.Equal("payment_intent_unexpected_state", (await stripe.ActAsync(id, action, action == "confirm" ? "payment_method=pm_card_visa" : "")).ErrorText("code"));
        if (status == "requires_capture") Assert.Equal("canceled 1099 0 0", await stripe.BookAsync());
        else Assert.Empty(await stripe.ChargesAsync());
    }

    [Theory]
    [InlineData("succeeded", "", "payment_intent_unexpected_state")]
    [InlineData("canceled", "", "payment_intent_unexpected_state")]
    [InlineData("requires_capture", "cancellation_reason=automatic", null)]
    [InlineData("requires_capture", "reason=duplicate", "parameter_unknown")]
    public async Task What_is_through_cannot_be_canceled_nor_can_anything_for_another_reason(string status, string fields, string? code)
    {
        using var stripe = simulator.NewAccount();
        var id = await InStateAsync(stripe, status);

        var reply = await stripe.ActAsync(id, "cancel", fields);

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal(code, reply.ErrorText("code"));
        Assert.Equal(status, (await stripe.IntentAsync(id)).Text("status"));
    }

    [Fact]
    public async Task Canceling_a_partly_captured_intent_gives_back_only_the_rest()
    {
        using var stripe = simulator.NewAccount();
        var id = await stripe.CreatedAsync(StripeClient.Authorization(multicapture: true));
        await stripe.ActAsync(id, "capture", "amount_to_capture=300&final_capture=false");

        Assert.Equal(300, (await stripe.ActAsync(id, "cancel")).Number("amount_received"));
        Assert.Equal(799, (await stripe.IntentAsync(id)).Charge.GetProperty("amount_refunded").GetInt64());
        Assert.Equal("captured 1099 300 0", await stripe.BookAsync());
    }

    [Theory]
    [InlineData(false, "canceled", "automatic", "canceled 1099 0 0")]
    [InlineData(true, "succeeded", null, "captured 1099 300 0")]
    public async Task An_authorization_whose_time_is_over_can_be_captured_no_more(bool captured, string status, string? reason, string book)
    {
        using var stripe = simulator.NewAccount();
        var id = await stripe.CreatedAsync(StripeClient.Authorization(multicapture: true));
        if (captured) await stripe.ActAsync(id, "capture", "amount_to_capture=300&final_capture=false");
        Assert.Equal(0, await stripe.SteerAsync("expire", """{"id":"pi_of_nobody"}"""));

        Assert.Equal(1, await stripe.SteerAsync("expire", captured ? "{}" : $$"""{"id":"{{id}}"}"""));

        Assert.Equal("payment_intent_unexpected_state", (await stripe.ActAsync(id, "capture")).ErrorText("code"));
        var intent = await stripe.IntentAsync(id);
        Assert.Equal(status, intent.Text("status"));
        Assert.Equal(reason, intent.Text("cancellation_reason"));
        Assert.Equal(book, await stripe.BookAsync());
    }

    [Fact]
    public async Task An_authorization_ends_by_itself_after_the_window_it_was_told()
    {
        await using var host = await LateSimulator.StartAsync(RunningSimulator.Quick with { CaptureWindow = TimeSpan.FromMilliseconds(300) });
        using var stripe = host.NewAccount();
        var id = await stripe.CreatedAsync(StripeClient.Authorization());
        var details = (await stripe.IntentAsync(id)).Charge.GetProperty("payment_method_details").GetProperty("card");
        Assert.True(details.GetProperty("capture_before").GetInt64() > 0);

        await Wait.UntilAsync(async () => (await stripe.IntentAsync(id)).Text("status") == "canceled");
        Assert.Equal("canceled 1099 0 0", await stripe.BookAsync());
    }

    [Fact]
    public async Task Captures_and_cancels_at_once_never_take_more_than_was_reserved()
    {
        using var stripe = simulator.NewAccount();
        for (var round = 0; round < 5; round++)
        {
            var id = await stripe.CreatedAsync(StripeClient.Authorization(1000, multicapture: true));
            var calls = Enumerable.Range(0, 30).Select(at => at == 15
                ? stripe.ActAsync(id, "cancel")
                : stripe.ActAsync(id, "capture", "amount_to_capture=90&final_capture=false"));

            var replies = await Task.WhenAll(calls);

            var captured = replies.Where((reply, at) => at != 15 && reply.Status == HttpStatusCode.OK).Count() * 90;
            var intent = await stripe.IntentAsync(id);
            Assert.Equal(captured, intent.Number("amount_received"));
            Assert.InRange(captured, 0, 1000);
            Assert.Equal("canceled", intent.Text("status"));
        }
    }

    [Theory]
    [InlineData("capture", "amount_to_capture=500", "amount_to_capture=600")]
    [InlineData("cancel", "cancellation_reason=duplicate", "")]
    public async Task A_key_gives_the_first_answer_again_and_refuses_other_parameters(string action, string fields, string others)
    {
        using var stripe = simulator.NewAccount();
        var id = await stripe.CreatedAsync(StripeClient.Authorization());

        var first = await stripe.ActAsync(id, action, fields, "k");
        var again = await stripe.ActAsync(id, action, fields, "k");
        var other = await stripe.ActAsync(id, action, others, "k");

        Assert.Equal(first.Body, again.Body);
        Assert.Equal("true", again.Header("Idempotent-Replayed"));
        Assert.Equal(HttpStatusCode.BadRequest, other.Status);
        Assert.Equal("idempotency_error", other.ErrorText("type"));
    }

    [Fact]
    public async Task A_charge_is_shown_in_full_where_asked_for_and_by_itself()
    {
        using var stripe = simulator.NewAccount();
        var fields = StripeClient.Charge(attempt: "a");
        fields["expand[]"] = "latest_charge";
        var created = await stripe.CreateAsync(fields, "k");
        var charge = created.Charge.GetProperty("id").GetString()!;

        Assert.Equal(created.Body, (await stripe.CreateAsync(fields, "k")).Body);
        Assert.Equal(charge, (await stripe.GetAsync($"{stripe.Intents}/{created.Text("id")}")).Text("latest_charge"));
        foreach (var list in (string[])["?expand[]=data.latest_charge", "/search?expand[0]=data.latest_charge&query=amount:1099"])
            Assert.Equal(charge, (await stripe.GetAsync(stripe.Intents + list)).Json.GetProperty("data")[0].GetProperty("latest_charge").GetProperty("id").GetString());
        Assert.Equal(created.Charge.GetRawText(), (await stripe.GetAsync($"{stripe.Api}/charges/{charge}")).Body);
        Assert.Equal(HttpStatusCode.NotFound, (await stripe.GetAsync($"{stripe.Api}/charges/ch_0")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await stripe.GetAsync($"{stripe.Intents}/{created.Text("id")}?expand[]=customer")).Status);
    }

    [Fact]
    public async Task A_bank_may_decide_after_the_answer()
    {
        using var stripe = simulator.NewAccount();
        var reply = await stripe.CreateAsync(StripeClient.Charge("4000000000009193"));
        Assert.Equal("processing", reply.Text("status"));
        Assert.Empty(await stripe.ChargesAsync());

        await Wait.UntilAsync(async () => (await stripe.IntentAsync(reply.Text("id")!)).Text("status") == "succeeded");
        Assert.Equal("captured 1099 1099 0", await stripe.BookAsync());
    }

    private static string? Multicapture(Reply intent) => intent.Charge
        .GetProperty("payment_method_details").GetProperty("card").GetProperty("multicapture").GetProperty("status").GetString();

    private static async Task<string> InStateAsync(StripeClient stripe, string status)
    {
        var bare = new Dictionary<string, string> { ["amount"] = "1099", ["currency"] = "usd" };
        var id = await stripe.CreatedAsync(status switch
        {
            "requires_payment_method" => bare,
            "requires_confirmation" => bare.Append(new("payment_method", "pm_card_visa")),
            "requires_action" => StripeClient.Charge("4000000000003220"),
            "processing" => StripeClient.Charge("4000000000009193"),
            "requires_capture" => StripeClient.Authorization(),
            "canceled" => bare,
            _ => StripeClient.Charge(),
        });
        if (status == "canceled") await stripe.ActAsync(id, "cancel");
        Assert.Equal(status, (await stripe.IntentAsync(id)).Text("status"));
        return id;
    }
}
