using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace OrleansPayments.PspSimulator.Tests;

public sealed class FaultTests(RunningSimulator simulator) : IClassFixture<RunningSimulator>
{
    [Theory]
    [InlineData("timeout_before", 0)]
    [InlineData("timeout_after", 1)]
    public async Task A_timeout_holds_the_call_until_the_caller_gives_up(string kind, int charges)
    {
        using var stripe = simulator.NewAccount();
        await stripe.InjectAsync("create", kind);
        await GiveUpAfterArrivalAsync(stripe, StripeClient.Charge(attempt: "a"));

        // The effect, if there is one, is there a moment after the arrival; if there is none, this is no proof but the replay below is.
        await Wait.UntilAsync(async () => (await stripe.ChargesAsync()).Length == charges);
        Assert.Equal(0, Assert.Single(await stripe.RequestsAsync()).GetProperty("status").GetInt32());
        var again = await stripe.CreateAsync(StripeClient.Charge(attempt: "a"), "k");
        Assert.Equal("succeeded", again.Text("status"));
        Assert.Equal(charges == 1 ? "true" : null, again.Header("Idempotent-Replayed"));
        Assert.Single(await stripe.ChargesAsync());
    }

    [Theory]
    [InlineData("reset_before", 0)]
    [InlineData("reset_after", 1)]
    public async Task A_reset_ends_the_connection_with_rst(string kind, int charges)
    {
        using var stripe = simulator.NewAccount();
        await stripe.InjectAsync("create", kind);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, simulator.Address.Port);
        using var form = new FormUrlEncodedContent(StripeClient.Charge());
        var body = await form.ReadAsStringAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST {stripe.Intents} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk_test_{stripe.Account}\r\nIdempotency-Key: k\r\n"
            + $"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {body.Length}\r\n\r\n{body}"));

        var failure = await Assert.ThrowsAsync<SocketException>(async () => await socket.ReceiveAsync(new byte[1]));

        Assert.Equal(SocketError.ConnectionReset, failure.SocketErrorCode);
        Assert.Equal(charges, (await stripe.ChargesAsync()).Length);
        var again = await stripe.CreateAsync(StripeClient.Charge(), "k");
        Assert.Equal(charges == 1 ? "true" : null, again.Header("Idempotent-Replayed"));
        Assert.Single(await stripe.ChargesAsync());
    }

    [Fact]
    public async Task A_500_has_no_effect_and_leaves_the_key_free()
    {
        using var stripe = simulator.NewAccount();
        await stripe.InjectAsync("create", "http_500");

        var reply = await stripe.CreateAsync(StripeClient.Charge(), "k");

        Assert.Equal(HttpStatusCode.InternalServerError, reply.Status);
        Assert.Equal("api_error", reply.ErrorText("type"));
        Assert.Empty(await stripe.ChargesAsync());
        Assert.Equal("succeeded", (await stripe.CreateAsync(StripeClient.Charge(), "k")).Text("status"));
    }

    [Fact]
    public async Task A_malformed_answer_is_200_that_no_parser_takes_and_has_no_effect()
    {
        using var stripe = simulator.NewAccount();
        await stripe.InjectAsync("create", "malformed");

        var reply = await stripe.CreateAsync(StripeClient.Charge(), "k");

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.ThrowsAny<JsonException>(() => reply.Json);
        Assert.Empty(await stripe.ChargesAsync());
        Assert.Equal("succeeded", (await stripe.CreateAsync(StripeClient.Charge(), "k")).Text("status"));
    }

    [Fact]
    public async Task A_decline_is_the_providers_own_and_is_remembered()
    {
        using var stripe = simulator.NewAccount();
        await stripe.InjectAsync("create", "decline");

        var reply = await stripe.CreateAsync(StripeClient.Charge(), "k");
        var again = await stripe.CreateAsync(StripeClient.Charge(), "k");

        Assert.Equal(HttpStatusCode.PaymentRequired, reply.Status);
        Assert.Equal("generic_decline", reply.ErrorText("decline_code"));
        Assert.Equal("requires_payment_method", reply.Error.GetProperty("payment_intent").GetProperty("status").GetString());
        Assert.Equal(reply.Body, again.Body);
        Assert.Empty(await stripe.ChargesAsync());
    }

    [Theory]
    [InlineData("generic_decline", "card_declined", "generic_decline", null)]
    [InlineData("insufficient_funds", "card_declined", "insufficient_funds", "try_again_later")]
    [InlineData("do_not_honor", "card_declined", "do_not_honor", null)]
    [InlineData("issuer_not_available", "card_declined", "issuer_not_available", "try_again_later")]
    [InlineData("processing_error", "processing_error", null, "try_again_later")]
    [InlineData("try_again_later", "card_declined", "try_again_later", "try_again_later")]
    [InlineData("card_velocity_exceeded", "card_declined", "card_velocity_exceeded", "try_again_later")]
    [InlineData("lost_card", "card_declined", "lost_card", "do_not_try_again")]
    [InlineData("stolen_card", "card_declined", "stolen_card", "do_not_try_again")]
    [InlineData("fraudulent", "card_declined", "fraudulent", "do_not_try_again")]
    [InlineData("expired_card", "expired_card", null, "do_not_try_again")]
    [InlineData("incorrect_cvc", "incorrect_cvc", null, "confirm_card_data")]
    public async Task One_account_declines_with_a_code_what_another_approves(string asked, string code, string? declineCode, string? advice)
    {
        using var stripe = simulator.NewAccount();
        using var other = simulator.NewAccount();
        await stripe.InjectAsync("create", "decline", code: asked);

        var created = await stripe.CreateAsync(StripeClient.Charge(), "k");
        var open = await stripe.CreateAsync(new Dictionary<string, string> { ["amount"] = "1099", ["currency"] = "usd" });
        await stripe.InjectAsync("create", "decline", code: asked);
        var confirmed = await stripe.ActAsync(open.Text("id")!, "confirm", "payment_method=pm_card_visa");

        foreach (var reply in (Reply[])[created, confirmed])
        {
            Assert.Equal(HttpStatusCode.PaymentRequired, reply.Status);
            Assert.Equal((code, declineCode, advice), (reply.ErrorText("code"), reply.ErrorText("decline_code"), reply.ErrorText("advice_code")));
            var intent = await stripe.IntentAsync(reply.Error.GetProperty("payment_intent").GetProperty("id").GetString()!);
            Assert.Equal("requires_payment_method", intent.Text("status"));
            Assert.Equal(code, intent.Json.GetProperty("last_payment_error").GetProperty("code").GetString());
            Assert.Equal(code, intent.Json.GetProperty("latest_charge").GetProperty("failure_code").GetString());
        }

        Assert.Empty(await stripe.ControlListAsync("faults"));
        Assert.Empty(await stripe.ChargesAsync());
        Assert.Equal(created.Body, (await stripe.CreateAsync(StripeClient.Charge(), "k")).Body);
        Assert.Equal("succeeded", (await stripe.CreateAsync(StripeClient.Charge())).Text("status"));
        Assert.Equal("succeeded", (await other.CreateAsync(StripeClient.Charge())).Text("status"));
    }

    [Fact]
    public async Task A_decline_never_undoes_what_a_key_already_did()
    {
        using var stripe = simulator.NewAccount();
        var first = await stripe.CreateAsync(StripeClient.Charge(), "k");
        await stripe.InjectAsync("create", "decline");

        Assert.Equal(first.Body, (await stripe.CreateAsync(StripeClient.Charge(), "k")).Body);
    }

    [Fact]
    public async Task A_slow_call_takes_effect_late_even_if_its_caller_has_left()
    {
        using var stripe = simulator.NewAccount();
        await stripe.InjectAsync("create", "slow", delayMs: 600);

        await GiveUpAfterArrivalAsync(stripe, StripeClient.Charge());
        await Wait.UntilAsync(async () => (await stripe.ChargesAsync()).Length == 1);

        var asked = Assert.Single(await stripe.RequestsAsync()).GetProperty("at").GetDateTimeOffset();
        var charged = Assert.Single(await stripe.ChargesAsync()).GetProperty("created_at").GetDateTimeOffset();
        Assert.InRange((charged - asked).TotalMilliseconds, 595, 5_000);
        Assert.Equal("true", (await stripe.CreateAsync(StripeClient.Charge(), "k")).Header("Idempotent-Replayed"));
    }

    [Fact]
    public async Task A_delay_comes_before_any_other_fault()
    {
        using var stripe = simulator.NewAccount();
        await stripe.InjectAsync("create", "http_500", delayMs: 200);
        var before = TimeProvider.System.GetTimestamp();

        await stripe.CreateAsync(StripeClient.Charge());

        Assert.InRange(TimeProvider.System.GetElapsedTime(before).TotalMilliseconds, 190, 4_000);
    }

    [Fact]
    public async Task Faults_spoil_as_many_calls_as_asked_in_the_order_they_came()
    {
        using var stripe = simulator.NewAccount();
        await stripe.InjectAsync("create", "http_500", times: 2);
        await stripe.InjectAsync("*", "decline");

        HttpStatusCode[] statuses =
        [
            (await stripe.CreateAsync(StripeClient.Charge())).Status,
            (await stripe.GetAsync(stripe.Intents)).Status,
            (await stripe.CreateAsync(StripeClient.Charge())).Status,
            (await stripe.CreateAsync(StripeClient.Charge())).Status,
            (await stripe.CreateAsync(StripeClient.Charge())).Status,
        ];

        Assert.Equal(
            [HttpStatusCode.InternalServerError, HttpStatusCode.OK, HttpStatusCode.InternalServerError, HttpStatusCode.PaymentRequired, HttpStatusCode.OK],
            statuses);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/search?query=status:'succeeded'")]
    [InlineData("/pi_1")]
    public async Task A_retrieve_fault_spoils_every_way_of_reading_and_no_other_call(string path)
    {
        using var stripe = simulator.NewAccount();
        await stripe.InjectAsync("retrieve", "http_500");

        Assert.Equal(HttpStatusCode.OK, (await stripe.CreateAsync(StripeClient.Charge())).Status);
        Assert.Equal(HttpStatusCode.InternalServerError, (await stripe.GetAsync(stripe.Intents + path)).Status);
    }

    [Fact]
    public async Task Deleted_faults_spoil_nothing()
    {
        using var stripe = simulator.NewAccount();
        await stripe.InjectAsync("*", "http_500", times: 100);
        Assert.Equal(100, Assert.Single(await stripe.ControlListAsync("faults")).GetProperty("times").GetInt32());

        Assert.Equal(HttpStatusCode.NoContent, (await stripe.DeleteAsync($"/control/{stripe.Account}/faults")).Status);

        Assert.Empty(await stripe.ControlListAsync("faults"));
        Assert.Equal(HttpStatusCode.OK, (await stripe.CreateAsync(StripeClient.Charge())).Status);
    }

    /// <summary>Leaves a call with key <c>k</c> once it has arrived and gone unanswered for a while.</summary>
    private static async Task GiveUpAfterArrivalAsync(StripeClient stripe, Dictionary<string, string> fields)
    {
        using var patience = new CancellationTokenSource();
        var call = stripe.CreateAsync(fields, "k", patience.Token);
        await Wait.UntilAsync(async () => (await stripe.RequestsAsync()).Length == 1);
        await Assert.ThrowsAsync<TimeoutException>(() => call.WaitAsync(TimeSpan.FromMilliseconds(100)));
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }
}
