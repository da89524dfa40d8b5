using System.Net;

namespace OrleansPayments.PspSimulator.Tests;

public sealed class RefundTests(RunningSimulator simulator) : IClassFixture<RunningSimulator>
{
    [Fact]
    public async Task Refunds_add_up_to_what_was_captured_and_no_further()
    {
        using var stripe = simulator.NewAccount();
        var id = await stripe.CreatedAsync(StripeClient.Charge());

        var part = await stripe.RefundAsync($"payment_intent={id}&amount=400&reason=duplicate&metadata[refund]=ref_1");
        Assert.StartsWith("re_", part.Text("id"), StringComparison.Ordinal);
        Assert.Equal("refund", part.Text("object"));
        Assert.Equal("succeeded", part.Text("status"));
        Assert.Equal(400, part.Number("amount"));
        Assert.Equal("usd", part.Text("currency"));
        Assert.Equal(id, part.Text("payment_intent"));
        Assert.Equal("duplicate", part.Text("reason"));
        Assert.Equal("ref_1", part.Json.GetProperty("metadata").GetProperty("refund").GetString());
        Assert.Equal("captured 1099 1099 400", await stripe.BookAsync());

        var over = await stripe.RefundAsync($"payment_intent={id}&amount=700");
        Assert.Equal(HttpStatusCode.BadRequest, over.Status);
        Assert.Null(over.ErrorText("code"));
        Assert.Equal("amount", over.ErrorText("param"));
        Assert.Equal("captured 1099 1099 400", await stripe.BookAsync());

        var rest = await stripe.RefundAsync($"charge={part.Text("charge")}");
        Assert.Equal(699, rest.Number("amount"));
        Assert.Equal("refunded 1099 1099 1099", await stripe.BookAsync());
        Assert.Equal("charge_already_refunded", (await stripe.RefundAsync($"payment_intent={id}&amount=1")).ErrorText("code"));

        var intent = await stripe.IntentAsync(id);
        Assert.Equal("succeeded", intent.Text("status"));
        Assert.Equal(1099, intent.Number("amount_received"));
        Assert.Equal(1099, intent.Charge.GetProperty("amount_refunded").GetInt64());
        Assert.True(intent.Charge.GetProperty("refunded").GetBoolean());
        Assert.Equal(part.Body, (await stripe.GetAsync($"{stripe.Api}/refunds/{part.Text("id")}")).Body);
    }

    [Fact]
    public async Task Of_a_partly_captured_intent_only_that_part_can_be_refunded()
    {
        using var stripe = simulator.NewAccount();
        var id = await stripe.CreatedAsync(StripeClient.Authorization());
        await stripe.ActAsync(id, "capture", "amount_to_capture=500");

        Assert.Equal("amount", (await stripe.RefundAsync($"payment_intent={id}&amount=501")).ErrorText("param"));
        Assert.Equal(500, (await stripe.RefundAsync($"payment_intent={id}")).Number("amount"));
        Assert.Equal("refunded 1099 500 500", await stripe.BookAsync());

        // What was released counts as refunded on the charge, as at Stripe.
        Assert.Equal(1099, (await stripe.IntentAsync(id)).Charge.GetProperty("amount_refunded").GetInt64());
    }

    [Theory]
    [InlineData("payment_intent={id}&amount=0", HttpStatusCode.BadRequest, "parameter_invalid_integer")]
    [InlineData("payment_intent={id}&reason=expired_uncaptured_charge", HttpStatusCode.BadRequest, null)]
    [InlineData("payment_intent={id}&currency=usd", HttpStatusCode.BadRequest, "parameter_unknown")]
    [InlineData("payment_intent={id}", HttpStatusCode.BadRequest, "payment_intent_unexpected_state")]
    [InlineData("amount=5", HttpStatusCode.BadRequest, "parameter_missing")]
    [InlineData("payment_intent=pi_0", HttpStatusCode.NotFound, "resource_missing")]
    [InlineData("charge=ch_0", HttpStatusCode.NotFound, "resource_missing")]
    public async Task A_refund_that_cannot_be_is_refused(string fields, HttpStatusCode status, string? code)
    {
        using var stripe = simulator.NewAccount();
        var id = await stripe.CreatedAsync(StripeClient.Authorization());

        var reply = await stripe.RefundAsync(fields.Replace("{id}", id, StringComparison.Ordinal));

        Assert.Equal(status, reply.Status);
        Assert.Equal(code, reply.ErrorText("code"));
        Assert.Equal("authorized 1099 0 0", await stripe.BookAsync());
    }

    [Fact]
    public async Task Refunds_are_listed_newest_first_by_intent_and_in_pages()
    {
        using var stripe = simulator.NewAccount();
        var id = await stripe.CreatedAsync(StripeClient.Charge());
        var other = await stripe.CreatedAsync(StripeClient.Charge());
        await stripe.RefundAsync($"payment_intent={other}&amount=9");
        for (var amount = 1; amount <= 3; amount++) await stripe.RefundAsync($"payment_intent={id}&amount={amount}");

        var page = await stripe.GetAsync($"{stripe.Api}/refunds?payment_intent={id}&limit=2");
        Assert.True(page.Json.GetProperty("has_more").GetBoolean());
        Assert.Equal([3, 2], Amounts(page));
        var next = await stripe.GetAsync($"{stripe.Api}/refunds?payment_intent={id}&limit=2&starting_after={page.Json.GetProperty("data")[1].GetProperty("id")}");
        Assert.False(next.Json.GetProperty("has_more").GetBoolean());
        Assert.Equal([1], Amounts(next));
        Assert.Equal([3, 2, 1, 9], Amounts(await stripe.GetAsync($"{stripe.Api}/refunds")));
        Assert.Equal(HttpStatusCode.NotFound, (await stripe.GetAsync($"{stripe.Api}/refunds/re_0")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await stripe.GetAsync($"{stripe.Api}/refunds?starting_after=re_0")).Status);
    }

    [Theory]
    [InlineData("4000000000007726", "pending", "succeeded", "refunded 1099 1099 1099")]
    [InlineData("4000000000005126", "succeeded", "failed", "captured 1099 1099 0")]
    public async Task A_refund_may_be_decided_later_and_a_failed_one_leaves_the_money(string number, string first, string last, string book)
    {
        using var stripe = simulator.NewAccount();
        var id = await stripe.CreatedAsync(StripeClient.Charge(number));
        var refund = await stripe.RefundAsync($"payment_intent={id}", "k");
        Assert.Equal(first, refund.Text("status"));

        await Wait.UntilAsync(async () => (await stripe.GetAsync($"{stripe.Api}/refunds/{refund.Text("id")}")).Text("status") == last);

        Assert.Equal(book, await stripe.BookAsync());
        Assert.Equal(refund.Body, (await stripe.RefundAsync($"payment_intent={id}", "k")).Body);
        Assert.Equal("idempotency_error", (await stripe.RefundAsync($"payment_intent={id}&amount=1", "k")).ErrorText("type"));
    }

    [Fact]
    public async Task Refunds_at_once_never_give_back_more_than_was_captured()
    {
        using var stripe = simulator.NewAccount();
        var id = await stripe.CreatedAsync(StripeClient.Charge(amount: 1000));

        var replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => stripe.RefundAsync($"payment_intent={id}&amount=90")));

        Assert.Equal(11, replies.Count(reply => reply.Status == HttpStatusCode.OK));
        Assert.Equal("captured 1000 1000 990", await stripe.BookAsync());
    }

    private static IEnumerable<long> Amounts(Reply list) =>
        list.Json.GetProperty("data").EnumerateArray().Select(refund => refund.GetProperty("amount").GetInt64());
}
