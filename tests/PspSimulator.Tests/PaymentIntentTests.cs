using System.Globalization;
using System.Net;

namespace OrleansPayments.PspSimulator.Tests;

public sealed class PaymentIntentTests(RunningSimulator simulator) : IClassFixture<RunningSimulator>
{
    [Fact]
    public async Task A_good_card_is_charged_and_the_charge_is_on_record()
    {
        using var stripe = simulator.NewAccount();

        var reply = await stripe.CreateAsync(StripeClient.Charge(amount: 1099, attempt: "att_1"));

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.StartsWith("pi_", reply.Text("id"), StringComparison.Ordinal);
        Assert.Equal("payment_intent", reply.Text("object"));
        Assert.Equal("succeeded", reply.Text("status"));
        Assert.StartsWith("ch_", reply.Text("latest_charge"), StringComparison.Ordinal);
        Assert.Equal(1099, reply.Json.GetProperty("amount_received").GetInt64());
        Assert.Equal("att_1", reply.Json.GetProperty("metadata").GetProperty("attempt").GetString());
        Assert.False(reply.Json.GetProperty("livemode").GetBoolean());
        Assert.StartsWith("req_", reply.Header("Request-Id"), StringComparison.Ordinal);

        var charge = Assert.Single(await stripe.ChargesAsync());
        Assert.Equal(reply.Text("id"), charge.GetProperty("id").GetString());
        Assert.Equal("stripe", charge.GetProperty("provider").GetString());
        Assert.Equal("att_1", charge.GetProperty("reference").GetString());
        Assert.Equal("pay_of_att_1", charge.GetProperty("payment_id").GetString());
        Assert.Equal(1099, charge.GetProperty("amount").GetInt64());
        Assert.Equal(1099, charge.GetProperty("amount_captured").GetInt64());
        Assert.Equal(0, charge.GetProperty("amount_refunded").GetInt64());
        Assert.Equal("USD", charge.GetProperty("currency").GetString());
        Assert.Equal("captured", charge.GetProperty("status").GetString());
        Assert.EndsWith("Z", charge.GetProperty("created_at").GetString(), StringComparison.Ordinal);
        Assert.True(DateTimeOffset.TryParse(charge.GetProperty("created_at").GetString(), CultureInfo.InvariantCulture, out _));
    }

    [Fact]
    public async Task Manual_capture_only_reserves()
    {
        using var stripe = simulator.NewAccount();
        var fields = StripeClient.Charge();
        fields["capture_method"] = "manual";

        var reply = await stripe.CreateAsync(fields);

        Assert.Equal("requires_capture", reply.Text("status"));
        Assert.Equal(0, reply.Json.GetProperty("amount_received").GetInt64());
        Assert.Equal(1099, reply.Json.GetProperty("amount_capturable").GetInt64());
        var charge = Assert.Single(await stripe.ChargesAsync());
        Assert.Equal("authorized", charge.GetProperty("status").GetString());
        Assert.Equal(0, charge.GetProperty("amount_captured").GetInt64());
    }

    [Theory]
    [InlineData("4000000000000002", "card_declined", "generic_decline")]
    [InlineData("4000000000009995", "card_declined", "insufficient_funds")]
    [InlineData("4000000000009987", "card_declined", "lost_card")]
    [InlineData("4000000000009979", "card_declined", "stolen_card")]
    [InlineData("4000000000006975", "card_declined", "card_velocity_exceeded")]
    [InlineData("4000000000000069", "expired_card", null)]
    [InlineData("4000000000000127", "incorrect_cvc", null)]
    [InlineData("4000000000000119", "processing_error", null)]
    public async Task A_declining_card_is_402_with_the_intent_and_no_charge(string number, string code, string? declineCode)
    {
        using var stripe = simulator.NewAccount();

        var reply = await stripe.CreateAsync(StripeClient.Charge(number));

        Assert.Equal(HttpStatusCode.PaymentRequired, reply.Status);
        Assert.Equal("card_error", reply.ErrorText("type"));
        Assert.Equal(code, reply.ErrorText("code"));
        Assert.Equal(declineCode, reply.ErrorText("decline_code"));
        Assert.StartsWith("ch_", reply.ErrorText("charge"), StringComparison.Ordinal);
        var intent = reply.Error.GetProperty("payment_intent");
        Assert.Equal("requires_payment_method", intent.GetProperty("status").GetString());
        Assert.Equal(code, intent.GetProperty("last_payment_error").GetProperty("code").GetString());

        var stored = await stripe.GetAsync($"{stripe.Intents}/{intent.GetProperty("id").GetString()}");
        Assert.Equal("requires_payment_method", stored.Text("status"));
        Assert.Empty(await stripe.ChargesAsync());
    }

    [Theory]
    [InlineData("5555555555554444", "12", "2040", "123", null)]
    [InlineData("378282246310005", "12", "40", "1234", null)]
    [InlineData("6011111111111117", "12", "2040", "123", null)]
    [InlineData("4111111111111111", "12", "2040", "123", null)]
    [InlineData("4242424242424241", "12", "2040", "123", "incorrect_number")]
    [InlineData("4242", "12", "2040", "123", "incorrect_number")]
    [InlineData("4242424242424242", "13", "2040", "123", "invalid_expiry_month")]
    [InlineData("4242424242424242", "12", "2020", "123", "invalid_expiry_year")]
    [InlineData("4242424242424242", "12", "20", "123", "invalid_expiry_year")]
    [InlineData("4242424242424242", "12", "2040", "12a", "invalid_cvc")]
    public async Task A_card_that_can_be_one_is_charged_and_another_makes_no_intent(string number, string month, string year, string cvc, string? code)
    {
        using var stripe = simulator.NewAccount();
        var fields = StripeClient.Charge(number);
        fields["payment_method_data[card][exp_month]"] = month;
        fields["payment_method_data[card][exp_year]"] = year;
        fields["payment_method_data[card][cvc]"] = cvc;

        var reply = await stripe.CreateAsync(fields);

        if (code is null)
        {
            Assert.Equal("succeeded", reply.Text("status"));
            return;
        }

        Assert.Equal(HttpStatusCode.PaymentRequired, reply.Status);
        Assert.Equal(code, reply.ErrorText("code"));
        Assert.False(reply.Error.TryGetProperty("payment_intent", out _));
        Assert.Empty((await stripe.GetAsync(stripe.Intents)).Json.GetProperty("data").EnumerateArray());
    }

    [Theory]
    [InlineData("pm_card_visa", HttpStatusCode.OK)]
    [InlineData("pm_card_mastercard", HttpStatusCode.OK)]
    [InlineData("pm_card_visa_chargeDeclined", HttpStatusCode.PaymentRequired)]
    [InlineData("pm_card_chargeDeclinedExpiredCard", HttpStatusCode.PaymentRequired)]
    [InlineData("pm_1234", HttpStatusCode.BadRequest)]
    public async Task A_test_payment_method_stands_for_its_card(string paymentMethod, HttpStatusCode status)
    {
        using var stripe = simulator.NewAccount();

        var reply = await stripe.CreateAsync(new Dictionary<string, string>
        {
            ["amount"] = "500",
            ["currency"] = "eur",
            ["confirm"] = "true",
            ["payment_method"] = paymentMethod,
        });

        Assert.Equal(status, reply.Status);
    }

    [Theory]
    [InlineData("error_on_requires_action", "authentication_not_handled")]
    [InlineData("off_session", "authentication_required")]
    public async Task A_3d_secure_card_without_its_customer_is_declined(string parameter, string declineCode)
    {
        using var stripe = simulator.NewAccount();
        var fields = StripeClient.Charge("4000000000003220");
        fields[parameter] = "true";

        var reply = await stripe.CreateAsync(fields);

        Assert.Equal(HttpStatusCode.PaymentRequired, reply.Status);
        Assert.Equal("authentication_required", reply.ErrorText("code"));
        Assert.Equal(declineCode, reply.ErrorText("decline_code"));
        Assert.Empty(await stripe.ChargesAsync());
    }

    [Fact]
    public async Task An_intent_created_without_confirm_is_charged_by_confirm_once()
    {
        using var stripe = simulator.NewAccount();
        var created = await stripe.CreateAsync(new Dictionary<string, string> { ["amount"] = "700", ["currency"] = "usd", ["metadata[attempt]"] = "att_c" });
        Assert.Equal("requires_payment_method", created.Text("status"));
        Assert.Empty(await stripe.ChargesAsync());
        var confirm = $"{stripe.Intents}/{created.Text("id")}/confirm";

        var without = await stripe.PostAsync(confirm, []);
        Assert.Equal(HttpStatusCode.BadRequest, without.Status);
        Assert.Equal("payment_intent_unexpected_state", without.ErrorText("code"));

        var declined = await stripe.PostAsync(confirm, [new("payment_method", "pm_card_visa_chargeDeclined")]);
        Assert.Equal(HttpStatusCode.PaymentRequired, declined.Status);

        var confirmed = await stripe.PostAsync(confirm, [new("payment_method", "pm_card_visa")]);
        Assert.Equal("succeeded", confirmed.Text("status"));

        var again = await stripe.PostAsync(confirm, [new("payment_method", "pm_card_visa")]);
        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        var charge = Assert.Single(await stripe.ChargesAsync());
        Assert.Equal("att_c", charge.GetProperty("reference").GetString());
    }
}
