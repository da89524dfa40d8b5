using System.Net;

namespace OrleansPayments.PspSimulator.Tests;

public sealed class IdempotencyTests(RunningSimulator simulator) : IClassFixture<RunningSimulator>
{
    [Theory]
    [InlineData(StripeClient.Visa)]
    [InlineData("4000000000009995")]
    [InlineData("4242424242424241")]
    public async Task The_same_call_again_gets_the_first_answer_again(string number)
    {
        using var stripe = simulator.NewAccount();

        var first = await stripe.CreateAsync(StripeClient.Charge(number), key: "k");
        var again = await stripe.CreateAsync(StripeClient.Charge(number).Reverse(), key: "k");

        Assert.Null(first.Header("Idempotent-Replayed"));
        Assert.Equal("true", again.Header("Idempotent-Replayed"));
        Assert.Equal(first.Header("Request-Id"), again.Header("Original-Request"));
        Assert.Equal(first.Status, again.Status);
        Assert.Equal(first.Body, again.Body);
        Assert.Equal(number == StripeClient.Visa ? 1 : 0, (await stripe.ChargesAsync()).Length);
    }

    [Fact]
    public async Task A_replay_is_the_answer_of_then_not_the_state_of_now()
    {
        using var stripe = simulator.NewAccount();
        var fields = new Dictionary<string, string> { ["amount"] = "700", ["currency"] = "usd" };
        var created = await stripe.CreateAsync(fields, key: "k");
        await stripe.PostAsync($"{stripe.Intents}/{created.Text("id")}/confirm", [new("payment_method", "pm_card_visa")]);

        var replayed = await stripe.CreateAsync(fields, key: "k");

        Assert.Equal(created.Body, replayed.Body);
        Assert.Equal("requires_payment_method", replayed.Text("status"));
    }

    [Theory]
    [InlineData("amount", "2000")]
    [InlineData("payment_method_data[card][number]", "5555555555554444")]
    [InlineData("payment_method_data[card][cvc]", "124")]
    public async Task The_same_key_with_other_parameters_is_refused(string name, string value)
    {
        using var stripe = simulator.NewAccount();
        await stripe.CreateAsync(StripeClient.Charge(), key: "k");
        var other = StripeClient.Charge();
        other[name] = value;

        var reply = await stripe.CreateAsync(other, key: "k");

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal("idempotency_error", reply.ErrorText("type"));
        Assert.Single(await stripe.ChargesAsync());
    }

    [Fact]
    public async Task The_same_key_on_another_path_is_refused()
    {
        using var stripe = simulator.NewAccount();
        var created = await stripe.CreateAsync(new Dictionary<string, string> { ["amount"] = "700", ["currency"] = "usd" }, key: "k");

        var reply = await stripe.PostAsync($"{stripe.Intents}/{created.Text("id")}/confirm", [new("payment_method", "pm_card_visa")], key: "k");

        Assert.Equal("idempotency_error", reply.ErrorText("type"));
        Assert.Empty(await stripe.ChargesAsync());
    }

    [Fact]
    public async Task A_refused_call_does_not_use_up_its_key()
    {
        using var stripe = simulator.NewAccount();
        var wrong = StripeClient.Charge();
        wrong["amount"] = "-1";

        Assert.Equal(HttpStatusCode.BadRequest, (await stripe.CreateAsync(wrong, key: "k")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stripe.PostAsync(stripe.Intents, StripeClient.Charge(), "k", new("Bearer", "no"))).Status);
        var right = await stripe.CreateAsync(StripeClient.Charge(), key: "k");

        Assert.Equal(HttpStatusCode.OK, right.Status);
        Assert.Null(right.Header("Idempotent-Replayed"));
    }

    [Fact]
    public async Task Fifty_calls_at_once_with_one_key_charge_once()
    {
        using var stripe = simulator.NewAccount();
        for (var round = 0; round < 6; round++)
        {
            // Answers that take their time overlap; answers at once race for the key itself.
            if (round == 3) await stripe.ControlAsync("latency", """{"median_ms":10,"p99_ms":30}""");
            var key = $"k{round}";
            var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => stripe.CreateAsync(StripeClient.Charge(attempt: key), key)));

            var answered = replies.Where(reply => reply.Status == HttpStatusCode.OK).ToArray();
            Assert.Single(answered, reply => reply.Header("Idempotent-Replayed") is null);
            Assert.Single(answered.Select(reply => reply.Body).Distinct());
            Assert.All(replies.Except(answered), reply => Assert.Equal(HttpStatusCode.Conflict, reply.Status));
            Assert.Equal(round + 1, (await stripe.ChargesAsync()).Length);
        }
    }

    [Fact]
    public async Task A_call_beside_a_running_one_is_409_and_afterwards_the_replay()
    {
        using var stripe = simulator.NewAccount();
        await stripe.InjectAsync("create", "slow", delayMs: 800);
        var running = stripe.CreateAsync(StripeClient.Charge(), key: "k");
        await Wait.UntilAsync(async () => (await stripe.ControlListAsync("faults")).Length == 0);

        var beside = await stripe.CreateAsync(StripeClient.Charge(), key: "k");
        var first = await running;
        var afterwards = await stripe.CreateAsync(StripeClient.Charge(), key: "k");

        Assert.Equal(HttpStatusCode.Conflict, beside.Status);
        Assert.Equal("idempotency_key_in_use", beside.ErrorText("code"));
        Assert.Equal("true", beside.Header("Stripe-Should-Retry"));
        Assert.Equal(first.Body, afterwards.Body);
        Assert.Single(await stripe.ChargesAsync());
    }
}
