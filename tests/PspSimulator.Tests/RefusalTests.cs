using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace OrleansPayments.PspSimulator.Tests;

public sealed class RefusalTests(RunningSimulator simulator) : IClassFixture<RunningSimulator>
{
    [Theory]
    [InlineData("amount", null, "parameter_missing", "amount")]
    [InlineData("currency", null, "parameter_missing", "currency")]
    [InlineData("amount", "10.99", "parameter_invalid_integer", "amount")]
    [InlineData("amount", "0", "parameter_invalid_integer", "amount")]
    [InlineData("amount", "-5", "parameter_invalid_integer", "amount")]
    [InlineData("amount", "", "parameter_invalid_empty", "amount")]
    [InlineData("amount", "49", "amount_too_small", "amount")]
    [InlineData("amount", "100000000", "amount_too_large", "amount")]
    [InlineData("amount", "99999999999999999999", "parameter_invalid_integer", "amount")]
    [InlineData("currency", "USD", null, "currency")]
    [InlineData("currency", "xyz", null, "currency")]
    [InlineData("confirm", "yes", null, "confirm")]
    [InlineData("capture_method", "later", null, "capture_method")]
    [InlineData("payment_method_types[]", "alipay", null, "payment_method_types[]")]
    [InlineData("colour", "red", "parameter_unknown", "colour")]
    [InlineData("transfer_data[destination]", "acct_1", "parameter_unknown", "transfer_data[destination]")]
    [InlineData("payment_method_data[card][number]", null, "parameter_missing", "payment_method_data[card][number]")]
    [InlineData("payment_method_data[type]", null, "parameter_missing", "payment_method_data[type]")]
    [InlineData("payment_method", "pm_card_visa", "parameters_exclusive", "payment_method")]
    [InlineData("return_url", "shop", "url_invalid", "return_url")]
    public async Task A_wrong_parameter_is_named_and_nothing_happens(string name, string? value, string? code, string param)
    {
        using var stripe = simulator.NewAccount();
        var fields = StripeClient.Charge();
        if (value is null) fields.Remove(name);
        else fields[name] = value;

        var reply = await stripe.CreateAsync(fields);

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal("invalid_request_error", reply.ErrorText("type"));
        Assert.Equal(code, reply.ErrorText("code"));
        Assert.Equal(param, reply.ErrorText("param"));
        Assert.Empty(await stripe.ChargesAsync());
    }

    [Theory]
    [InlineData("kwd", 1230, true)]
    [InlineData("kwd", 1234, false)]
    [InlineData("jod", 1235, false)]
    [InlineData("jpy", 50, true)]
    [InlineData("jpy", 49, false)]
    [InlineData("isk", 500, true)]
    [InlineData("isk", 550, false)]
    [InlineData("ugx", 500, true)]
    [InlineData("ugx", 505, false)]
    [InlineData("huf", 17499, false)]
    public async Task An_amount_follows_the_rules_of_its_currency(string currency, long amount, bool accepted)
    {
        using var stripe = simulator.NewAccount();

        var reply = await stripe.CreateAsync(StripeClient.Charge(amount: amount, currency: currency));

        Assert.Equal(accepted ? HttpStatusCode.OK : HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal(accepted ? 1 : 0, (await stripe.ChargesAsync()).Length);
    }

    [Fact]
    public async Task Only_the_accounts_own_key_opens_it()
    {
        using var stripe = simulator.NewAccount();
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"sk_test_{stripe.Account}:"));
        AuthenticationHeaderValue[] wrong = [new("Bearer", "sk_test_other"), new("Bearer", "sk_test_"), new("Basic", "!!"), new("Digest", "x")];

        Assert.Equal(HttpStatusCode.OK, (await stripe.PostAsync(stripe.Intents, StripeClient.Charge(), authorization: new("Basic", basic))).Status);
        foreach (var header in wrong)
        {
            var reply = await stripe.PostAsync(stripe.Intents, StripeClient.Charge(), authorization: header);
            Assert.Equal(HttpStatusCode.Unauthorized, reply.Status);
            Assert.Equal("invalid_request_error", reply.ErrorText("type"));
        }

        Assert.Single(await stripe.ChargesAsync());
    }

    [Fact]
    public async Task Accounts_do_not_see_each_other()
    {
        using var one = simulator.NewAccount();
        using var other = simulator.NewAccount();

        var created = await one.CreateAsync(StripeClient.Charge(), key: "same");
        await other.CreateAsync(StripeClient.Charge(amount: 2000), key: "same");

        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"{other.Intents}/{created.Text("id")}")).Status);
        Assert.Equal(1099, Assert.Single(await one.ChargesAsync()).GetProperty("amount").GetInt64());
        Assert.Equal(2000, Assert.Single(await other.ChargesAsync()).GetProperty("amount").GetInt64());
    }

    [Fact]
    public async Task What_nobody_serves_is_404_in_the_protocols_form()
    {
        using var stripe = simulator.NewAccount();

        var reply = await stripe.GetAsync($"/stripe/{stripe.Account}/v1/customers");

        Assert.Equal(HttpStatusCode.NotFound, reply.Status);
        Assert.Equal("invalid_request_error", reply.ErrorText("type"));
    }

    [Fact]
    public async Task A_body_that_is_too_large_or_no_form_is_refused()
    {
        using var stripe = simulator.NewAccount();
        var large = StripeClient.Charge();
        large["description"] = new string('x', 70_000);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await stripe.CreateAsync(large)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await stripe.SendRawAsync("amount=%zz", "application/x-www-form-urlencoded")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await stripe.SendRawAsync("""{"amount":1}""", "application/json")).Status);
        Assert.Empty(await stripe.ChargesAsync());
        Assert.Equal([413, 400, 400], (await stripe.RequestsAsync()).Select(entry => entry.GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task Headers_that_could_not_be_given_back_are_refused_before_any_effect()
    {
        using var stripe = simulator.NewAccount();

        Assert.Equal(HttpStatusCode.BadRequest, (await stripe.CreateAsync(StripeClient.Charge(), new string('k', 256))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await stripe.SendRawAsync("amount=500&currency=usd&confirm=true&payment_method=pm_card_visa", headers: "Idempotency-Key: \u00e9")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await stripe.SendRawAsync("amount=500&currency=usd&confirm=true&payment_method=pm_card_visa", headers: "Stripe-Version: \u00e9")).Status);
        Assert.Empty(await stripe.ChargesAsync());

        var reply = await stripe.SendRawAsync("amount=500&currency=usd&confirm=true&payment_method=pm_card_visa", headers: "Stripe-Version: 2024-06-20");
        Assert.Equal("2024-06-20", reply.Header("Stripe-Version"));
    }

    [Fact]
    public async Task No_answer_and_no_record_repeats_a_card_number_or_a_cvc()
    {
        using var stripe = simulator.NewAccount();
        const string Number = "4000056655665556";
        const string Cvc = "987";
        var answers = new List<string>();
        foreach (var (name, value) in new (string, string)[] { ("amount", "1099"), ("amount", Number), ("currency", Number), (Number, "x"), ("payment_method", Number), ("payment_method_data[card][exp_month]", Number) })
        {
            var fields = StripeClient.Charge(Number);
            fields["payment_method_data[card][cvc]"] = Cvc;
            fields[name] = value;
            answers.Add((await stripe.CreateAsync(fields)).Body);
        }

        answers.Add((await stripe.GetAsync($"{stripe.Intents}/{Number}")).Body);
        answers.Add((await stripe.SearchAsync($"customer:'{Number}' AND {Number}")).Body);
        answers.Add((await stripe.GetAsync($"/control/{stripe.Account}/charges")).Body);
        answers.Add(string.Concat((await stripe.RequestsAsync()).Select(entry => entry.GetProperty("path").GetString()).Where(path => !path!.EndsWith(Number, StringComparison.Ordinal))));

        Assert.All(answers, answer => Assert.DoesNotContain(Number, answer, StringComparison.Ordinal));
        Assert.All(answers, answer => Assert.DoesNotContain($"\"{Cvc}\"", answer, StringComparison.Ordinal));
    }
}
