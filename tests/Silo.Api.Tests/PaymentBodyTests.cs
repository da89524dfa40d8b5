using OrleansPayments.Silo.Api.Tests.Support;
using static OrleansPayments.Silo.Api.Tests.Support.Bodies;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>What <c>POST /payments</c> takes and what it refuses, with the exact field.</summary>
public sealed class PaymentBodyTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Long256 = "\"" + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
        + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" + "\"";

    /// <summary>A member set to a value → status, code, pointer.</summary>
    public static TheoryData<string, string, int, string, string> SpoiltMembers() => new()
    {
        { "amount", "0", 400, "invalid_value", "/amount" },
        { "amount", "-1", 400, "invalid_value", "/amount" },
        { "amount", "-0", 400, "invalid_value", "/amount" },
        { "amount", "1000000000000", 400, "invalid_value", "/amount" },
        { "amount", "99999999999999999999", 400, "invalid_value", "/amount" },
        { "amount", "10.99", 400, "invalid_type", "/amount" },
        { "amount", "10.0", 400, "invalid_type", "/amount" },
        { "amount", "1e3", 400, "invalid_type", "/amount" },
        { "amount", "1E3", 400, "invalid_type", "/amount" },
        { "amount", "\"1099\"", 400, "invalid_type", "/amount" },
        { "amount", "null", 400, "invalid_type", "/amount" },
        { "amount", "true", 400, "invalid_type", "/amount" },
        { "amount", "[1]", 400, "invalid_type", "/amount" },
        { "currency", "\"usd\"", 400, "invalid_value", "/currency" },
        { "currency", "\"XXX\"", 400, "invalid_value", "/currency" },
        { "currency", "\"\"", 400, "invalid_value", "/currency" },
        { "currency", "840", 400, "invalid_type", "/currency" },
        { "currency", "null", 400, "invalid_type", "/currency" },
        { "merchant_id", "\"mer_1\"", 400, "invalid_value", "/merchant_id" },
        { "merchant_id", "7", 400, "invalid_type", "/merchant_id" },
        { "merchant_order_id", "\"\"", 400, "invalid_value", "/merchant_order_id" },
        { "merchant_order_id", Long256, 400, "invalid_value", "/merchant_order_id" },
        { "customer_id", Long256, 400, "invalid_value", "/customer_id" },
        { "customer_id", "{}", 400, "invalid_type", "/customer_id" },
        { "description", "\"a\\u0000b\"", 400, "invalid_value", "/description" },
        { "description", "\"a\\nb\"", 400, "invalid_value", "/description" },
        { "description", "\"a\\u007fb\"", 400, "invalid_value", "/description" },
        { "description", "\"for 4242424242424242\"", 400, "invalid_value", "/description" },
        { "metadata", "{\"card\":\"4242424242424242\"}", 400, "invalid_value", "/metadata" },
        { "capture_method", "\"Manual\"", 400, "invalid_value", "/capture_method" },
        { "capture_method", "\"\"", 400, "invalid_value", "/capture_method" },
        { "capture_method", "\"later\"", 400, "invalid_value", "/capture_method" },
        { "capture_method", "1", 400, "invalid_type", "/capture_method" },
        { "confirm", "\"true\"", 400, "invalid_type", "/confirm" },
        { "confirm", "1", 400, "invalid_type", "/confirm" },
        { "payment_method", "null", 400, "invalid_type", "/payment_method" },
        { "payment_method", "[]", 400, "invalid_type", "/payment_method" },
        { "payment_method", "{}", 400, "missing_field", "/payment_method/type" },
        { "payment_method", "{\"type\":\"card\"}", 400, "missing_field", "/payment_method/card" },
        { "payment_method", "{\"type\":\"wallet\",\"provider\":\"alipay\",\"flow\":\"h5\"}", 422, "not_supported", "/payment_method/type" },
        { "payment_method", "{\"type\":\"bank_transfer\"}", 422, "not_supported", "/payment_method/type" },
        { "payment_method", "{\"type\":\"crypto\"}", 422, "not_supported", "/payment_method/type" },
        { "payment_method", "{\"type\":\"account\",\"from_account\":\"acc_1\"}", 422, "not_supported", "/payment_method/type" },
        { "payment_method/type", "\"cash\"", 400, "invalid_value", "/payment_method/type" },
        { "payment_method/type", "5", 400, "invalid_type", "/payment_method/type" },
        { "payment_method/wallet", "{}", 400, "unknown_field", "/payment_method/wallet" },
        { "payment_method/card", "null", 400, "invalid_type", "/payment_method/card" },
        { "payment_method/card/number", "\"4242424242424241\"", 400, "invalid_card_number", "/payment_method/card/number" },
        { "payment_method/card/number", "\"42424242424\"", 400, "invalid_card_number", "/payment_method/card/number" },
        { "payment_method/card/number", "\"42424242424242424242\"", 400, "invalid_card_number", "/payment_method/card/number" },
        { "payment_method/card/number", "\"4242 4242 4242 4242\"", 400, "invalid_card_number", "/payment_method/card/number" },
        { "payment_method/card/number", "4242424242424242", 400, "invalid_type", "/payment_method/card/number" },
        { "payment_method/card/exp_month", "0", 400, "invalid_value", "/payment_method/card/exp_month" },
        { "payment_method/card/exp_month", "13", 400, "invalid_value", "/payment_method/card/exp_month" },
        { "payment_method/card/exp_month", "\"12\"", 400, "invalid_type", "/payment_method/card/exp_month" },
        { "payment_method/card/exp_year", "30", 400, "invalid_value", "/payment_method/card/exp_year" },
        { "payment_method/card/exp_year", "20300", 400, "invalid_value", "/payment_method/card/exp_year" },
        { "payment_method/card/exp_year", "2025", 422, "card_expired", "/payment_method/card/exp_year" },
        { "payment_method/card/cvc", "\"12\"", 400, "invalid_value", "/payment_method/card/cvc" },
        { "payment_method/card/cvc", "\"12345\"", 400, "invalid_value", "/payment_method/card/cvc" },
        { "payment_method/card/cvc", "123", 400, "invalid_type", "/payment_method/card/cvc" },
        { "payment_method/card/holder_name", "\"\\u009f\"", 400, "invalid_value", "/payment_method/card/holder_name" },
        { "payment_method/card/holder_name", "\"A. 4242424242424242\"", 400, "invalid_value", "/payment_method/card/holder_name" },
        { "payment_method/card/pin", "\"1234\"", 400, "unknown_field", "/payment_method/card/pin" },
        { "preferred_connector", "\"Card A\"", 400, "invalid_value", "/preferred_connector" },
        { "return_url", "\"/relative\"", 400, "invalid_value", "/return_url" },
        { "return_url", "\"ftp://example.com\"", 400, "invalid_value", "/return_url" },
        { "return_url", "\"javascript:alert(1)\"", 400, "invalid_value", "/return_url" },
        { "return_url", "\"https://user:pass@example.com\"", 400, "invalid_value", "/return_url" },
        { "return_url", "\"https://\"", 400, "invalid_value", "/return_url" },
        { "metadata", "[]", 400, "invalid_type", "/metadata" },
        { "metadata", "{\"k\":1}", 400, "invalid_type", "/metadata/k" },
        { "metadata", "{\"k\":null}", 400, "invalid_type", "/metadata/k" },
        { "metadata", "{\"a/b~c\":1}", 400, "invalid_type", "/metadata/a~1b~0c" },
        { "metadata", "{\"\":\"v\"}", 400, "invalid_value", "/metadata/" },
        { "metadata", "{\"a\\u0001\":\"v\"}", 400, "invalid_value", "/metadata/a\u0001" },
        { "device", "\"203.0.113.7\"", 400, "invalid_type", "/device" },
        { "device", "{\"ip\":\"203.0.113\"}", 400, "invalid_value", "/device/ip" },
        { "device", "{\"ip\":\"0x7f.0.0.1\"}", 400, "invalid_value", "/device/ip" },
        { "device", "{\"ip\":\"fe80::1%eth0\"}", 400, "invalid_value", "/device/ip" },
        { "device", "{\"ip\":\"[::1]\"}", 400, "invalid_value", "/device/ip" },
        { "device", "{\"id\":\"x\"}", 400, "unknown_field", "/device/id" },
        { "billing", "\"SG\"", 400, "invalid_type", "/billing" },
        { "billing", "{\"country\":\"sg\"}", 400, "invalid_value", "/billing/country" },
        { "billing", "{\"country\":\"ZZ\"}", 400, "invalid_value", "/billing/country" },
        { "billing", "{\"country\":\"\"}", 400, "invalid_value", "/billing/country" },
        { "billing", "{\"country\":702}", 400, "invalid_type", "/billing/country" },
        { "billing", "{\"city\":\"x\"}", 400, "unknown_field", "/billing/city" },
        { "card", "{}", 400, "unknown_field", "/card" },
        { "Amount", "5", 400, "unknown_field", "/Amount" },
        { "status", "\"captured\"", 400, "unknown_field", "/status" },
    };

    /// <summary>A whole body → code and pointer; all 400.</summary>
    public static TheoryData<string, string, string?> MalformedBodies() => new()
    {
        { "", "invalid_json", null },
        { "  ", "invalid_json", null },
        { "{", "invalid_json", null },
        { "[]", "invalid_type", null },
        { "null", "invalid_type", null },
        { "\"text\"", "invalid_type", null },
        { "{} {}", "invalid_json", null },
        { "{}x", "invalid_json", null },
        { "{}", "missing_field", "/amount" },
        { "{\"amount\":1}", "missing_field", "/currency" },
        { "{\"amount\":1,\"currency\":\"USD\"}", "missing_field", "/payment_method" },
        { "{\"amount\":1,}", "invalid_json", null },
        { "{\"amount\":01}", "invalid_json", "/amount" },
        { "{\"amount\":NaN}", "invalid_json", "/amount" },
        { "{\"amount\":+1}", "invalid_json", "/amount" },
        { "{'amount':1}", "invalid_json", null },
        { "{amount:1}", "invalid_json", null },
        { "{\"amount\":1 // comment\n}", "invalid_json", null },
        { "{/* comment */\"amount\":1}", "invalid_json", null },
        { "{\"device\":{\"ip\":tru}}", "invalid_json", "/device/ip" },
        { "{\"metadata\":{\"k\":\"tab\there\"}}", "invalid_json", "/metadata/k" },
        { "{\"metadata\":{\"k\":\"\\x\"}}", "invalid_json", "/metadata/k" },
        { "{\"metadata\":{\"k\":[1,2,}}}", "invalid_json", "/metadata/k" },
        { "{\"amount\":1,\"amount\":1}", "duplicate_field", "/amount" },
        { "{\"amount\":1,\"am\\u006funt\":1}", "duplicate_field", "/amount" },
        { "{\"metadata\":{\"k\":\"a\",\"k\":\"a\"}}", "duplicate_field", "/metadata/k" },
        { "{\"payment_method\":{\"type\":\"card\",\"card\":{\"number\":\"1\",\"number\":\"2\"}}}", "duplicate_field", "/payment_method/card/number" },
        { "{\"payment_method\":{\"type\":\"card\",\"type\":\"wallet\"}}", "duplicate_field", "/payment_method/type" },
        { "{\"payment_method\":{\"\\ud800\":1,\"type\":\"wallet\",\"type\":\"wallet\"}}", "unknown_field", "/payment_method" },
        { "{\"amount\":\"1\"}", "invalid_type", "/amount" },
        { "{\"zzz\":1}", "unknown_field", "/zzz" },
        { "{\"amount\":null}", "invalid_type", "/amount" },
        { "{\"description\":\"\\ud800\"}", "invalid_value", "/description" },
        { "{\"description\":\"\\udc00\\ud800\"}", "invalid_value", "/description" },
        { "{\"metadata\":{\"\\ud800\":\"v\"}}", "invalid_value", "/metadata" },
        { "{\"\\ud800\":1}", "unknown_field", null },
        { "{\"payment_method\":{\"type\":\"\\ud800\"}}", "invalid_value", "/payment_method/type" },
        { "{\"metadata\":[[[[[[[[1]]]]]]]]}", "invalid_json", "/metadata/0/0/0/0/0/0" },
    };

    [Theory]
    [MemberData(nameof(SpoiltMembers))]
    public async Task A_body_with_a_spoilt_member_is_refused(string member, string json, int status, string code, string param)
    {
        var (_, key) = await host.NewMerchantAsync();
        var answer = await host.PostAsync("/api/v1/payments", With(Payment, member, json), key);
        Assert.Equal((status, code, param), (answer.Status, answer.Code, answer.Param));
        Assert.Equal("application/problem+json", answer.MediaType);
    }

    [Theory]
    [MemberData(nameof(MalformedBodies))]
    public async Task A_malformed_body_is_refused(string body, string code, string? param)
    {
        var (_, key) = await host.NewMerchantAsync();
        var answer = await host.PostAsync("/api/v1/payments", body, key);
        Assert.Equal((400, code, param), (answer.Status, answer.Code, answer.Param));
    }

    [Fact]
    public async Task A_refused_body_reaches_no_grain()
    {
        var (id, key) = await host.NewMerchantAsync();
        await host.PostAsync("/api/v1/payments", With(Payment, "unknown", "1"), key);
        Assert.DoesNotContain(host.Engine.Charges, charge => charge.MerchantId.Value == id);
    }

    [Fact]
    public async Task Malformed_goes_before_unacceptable()
    {
        var (_, key) = await host.NewMerchantAsync();
        var answer = await host.PostAsync("/api/v1/payments", With(With(Payment, "payment_method", """{"type":"crypto"}"""), "zzz", "1"), key);
        Assert.Equal((400, "unknown_field", "/zzz"), (answer.Status, answer.Code, answer.Param));
    }

    [Fact]
    public async Task Metadata_has_bounds()
    {
        var (_, key) = await host.NewMerchantAsync();
        await Expect(Map(50, "v"), 201, null);
        await Expect(Map(51, "v"), 400, "/metadata");
        await Expect($$"""{"{{new string('k', 64)}}":"{{new string('v', 500)}}"}""", 201, null);
        await Expect($$"""{"{{new string('k', 65)}}":"v"}""", 400, "/metadata/" + new string('k', 65));
        await Expect($$"""{"k":"{{new string('v', 501)}}"}""", 400, "/metadata/k");

        async Task Expect(string metadata, int status, string? param)
        {
            var answer = await host.PostAsync("/api/v1/payments", With(Payment, "metadata", metadata), key);
            Assert.Equal((status, param), (answer.Status, status == 201 ? null : answer.Param));
        }

        static string Map(int count, string value) => "{" + string.Join(',', Enumerable.Range(0, count).Select(i => $"\"k{i}\":\"{value}\"")) + "}";
    }

    [Fact]
    public async Task Every_documented_field_reaches_the_payment()
    {
        var (id, key) = await host.NewMerchantAsync();
        var answer = await host.PostAsync("/api/v1/payments", With(Payment, "device/ip", "\"2001:0DB8::0:1\""), key);
        Assert.Equal(201, answer.Status);
        var command = host.Engine.Charges.Single(charge => charge.MerchantId.Value == id);
        Assert.Equal(Money.FromMinorUnits(1099, Currency.Parse("USD")), command.Amount);
        Assert.Equal(("order-1001", "A description", "cus_1"), (command.MerchantOrderId, command.Description, command.CustomerId));
        Assert.Equal(("card-a", "https://example.com/back?x=1", "2001:db8::1", "SG"), (command.PreferredConnector, command.ReturnUrl, command.DeviceIp, command.BillingCountry));
        Assert.Equal("SG", answer.Json.GetProperty("billing").GetProperty("country").GetString());
        Assert.Equal([new("k", "v")], command.Metadata);
        var card = command.Card;
        Assert.Equal(("4242424242424242", 12, 2030, "123", "A. Payer"), (card.Number, card.ExpiryMonth, card.ExpiryYear, card.SecurityCode, card.HolderName));
    }

    [Fact]
    public async Task Optional_fields_may_be_left_out_or_null()
    {
        var (_, key) = await host.NewMerchantAsync();
        const string Least = """{"amount":1,"currency":"JPY","payment_method":{"type":"card","card":{"number":"4242424242424242","exp_month":5,"exp_year":2026}}}""";
        const string Nulls =
            """
            {"amount":1,"currency":"KWD","merchant_id":null,"merchant_order_id":null,"description":null,"customer_id":null,"capture_method":null,"confirm":null,
             "preferred_connector":null,"return_url":null,"metadata":null,"device":null,"billing":null,
             "payment_method":{"type":"card","card":{"number":"4242424242424242","exp_month":5,"exp_year":2026,"cvc":null,"holder_name":null}}}
            """;
        foreach (var body in (string[])[Least, Nulls])
        {
            var answer = await host.PostAsync("/api/v1/payments", body, key);
            Assert.Equal(201, answer.Status);
            Assert.Equal("{}", answer.Json.GetProperty("metadata").GetRawText());
        }
    }

    [Theory]
    [InlineData(4, 2026, true)]
    [InlineData(5, 2026, false)]
    [InlineData(12, 2025, true)]
    [InlineData(1, 2027, false)]
    public async Task A_card_is_good_until_its_month_is_over(int month, int year, bool expired)
    {
        var (_, key) = await host.NewMerchantAsync();
        var body = With(With(Payment, "payment_method/card/exp_month", $"{month}"), "payment_method/card/exp_year", $"{year}");
        var answer = await host.PostAsync("/api/v1/payments", body, key);
        Assert.Equal(expired ? 422 : 201, answer.Status);
    }
}
