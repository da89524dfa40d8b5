using System.Text;
using System.Text.Json;
using OrleansPayments.Silo.Api.Connectors;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.Payments;
using OrleansPayments.Silo.Api.Tests.Support;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>The canonical forms. Fingerprints of them are stored: a form that changes makes repetitions of old requests look like other requests.</summary>
public sealed class CanonicalTests
{
    private static readonly MerchantId Merchant = MerchantId.Parse("mer_" + new string('0', 26));

    [Fact]
    public void A_payment_has_this_canonical_form() => Assert.Equal(
        """{"amount":1099,"billing_country":"SG","card":{"exp_month":12,"exp_year":2030,"holder_name":"A. Payer","number":"4242424242424242"},"currency":"USD","customer_id":"cus_1","description":"A description","device_ip":"203.0.113.7","merchant_id":"mer_00000000000000000000000000","merchant_order_id":"order-1001","metadata":{"k":"v"},"preferred_connector":"card-a","return_url":"https://example.com/back?x=1"}""",
        OfPayment(Bodies.Payment));

    [Fact]
    public void A_capture_method_that_is_not_the_default_has_this_canonical_form() => Assert.Equal(
        """{"amount":1,"capture_method":"manual_multiple","card":{"exp_month":5,"exp_year":2026,"number":"4242424242424242"},"currency":"JPY","merchant_id":"mer_00000000000000000000000000"}""",
        OfPayment("""{"amount":1,"currency":"JPY","capture_method":"manual_multiple","payment_method":{"type":"card","card":{"number":"4242424242424242","exp_month":5,"exp_year":2026}}}"""));

    [Theory]
    [InlineData("payment_method/card/cvc", "\"999\"")]
    [InlineData("payment_method/card/cvc", "null")]
    [InlineData("confirm", "null")]
    [InlineData("confirm", "true")]
    [InlineData("capture_method", "null")]
    [InlineData("merchant_id", "\"mer_00000000000000000000000000\"")]
    public void What_means_nothing_does_not_show(string member, string json) =>
        Assert.Equal(OfPayment(Bodies.Payment), OfPayment(Bodies.With(Bodies.Payment, member, json)));

    [Theory]
    [InlineData("amount", "1100")]
    [InlineData("currency", "\"EUR\"")]
    [InlineData("capture_method", "\"manual\"")]
    [InlineData("capture_method", "\"manual_multiple\"")]
    [InlineData("confirm", "false")]
    [InlineData("merchant_order_id", "null")]
    [InlineData("description", "\"Another\"")]
    [InlineData("customer_id", "\"cus_2\"")]
    [InlineData("payment_method/card/number", "\"5555555555554444\"")]
    [InlineData("payment_method/card/exp_month", "11")]
    [InlineData("payment_method/card/exp_year", "2031")]
    [InlineData("payment_method/card/holder_name", "\"B. Payer\"")]
    [InlineData("preferred_connector", "\"card-b\"")]
    [InlineData("return_url", "\"https://example.com/\"")]
    [InlineData("metadata", "{}")]
    [InlineData("device/ip", "\"203.0.113.8\"")]
    [InlineData("billing/country", "\"MY\"")]
    [InlineData("billing", "null")]
    public void What_means_something_shows(string member, string json) =>
        Assert.NotEqual(OfPayment(Bodies.Payment), OfPayment(Bodies.With(Bodies.Payment, member, json)));

    [Fact]
    public void The_order_of_metadata_means_nothing() => Assert.Equal(
        OfPayment(Bodies.With(Bodies.Payment, "metadata", """{"a":"1","B":"2"}""")), OfPayment(Bodies.With(Bodies.Payment, "metadata", """{"B":"2","a":"1"}""")));

    [Fact]
    public void Defaults_of_a_connector_mean_the_same_as_leaving_them_out()
    {
        const string Least = """{"name":"a","provider":"stripe","credentials":{"secret_key":"k"}}""";
        const string Full =
            """
            {"merchant_id":null,"inquiry":{},"health":{"window_seconds":60},"fees":[],"capabilities":{"countries":["*"],"methods":["card"]},"timeout_ms":10000,
             "priority":100,"enabled":true,"credentials":{"secret_key":"k"},"provider":"stripe","name":"a"}
            """;
        Assert.Equal(OfConnector(Least), OfConnector(Full));
        Assert.NotEqual(OfConnector(Least), OfConnector(Bodies.With(Least, "credentials/secret_key", "\"other\"")));
    }

    [Fact]
    public void A_connector_from_before_there_was_more_keeps_its_canonical_form()
    {
        const string Form =
            """{"capabilities":{"countries":["*"],"currencies":["*"],"methods":["card"]},"credentials":{"secret_key":"k"},"enabled":false,"fees":[{"currency":"*","fixed":30,"method":"card","rate_bps":290}],"health":{"min_calls":20,"open_below_success_rate":0.5,"open_seconds":30,"window_seconds":60},"inquiry":{"first_after_ms":500,"not_found_final_after_seconds":120},"name":"a","priority":100,"provider":"stripe","timeout_ms":10000}""";
        const string Old =
            """{"name":"a","provider":"stripe","credentials":{"secret_key":"k"},"enabled":false,"fees":[{"method":"card","rate_bps":290,"fixed":30}]}""";
        Assert.Equal(Form, OfConnector(Old));
        Assert.Equal(Form, OfConnector(Bodies.With(Old, "status", "\"disabled\"")));
        Assert.Equal(Form, OfConnector(Bodies.With(Old, "capabilities", """{"networks":["*"],"amounts":[]}""")));
        Assert.Equal(Form, OfConnector(Bodies.With(Old, "fees/0/network", "\"*\"")));
    }

    [Theory]
    [InlineData("status", "\"draining\"", false)]
    [InlineData("capabilities/networks", "[\"amex\"]", true)]
    [InlineData("capabilities/amounts/0/min", "51", true)]
    [InlineData("capabilities/amounts/0/max", "1000", true)]
    [InlineData("capabilities/amounts/0/currency", "\"*\"", true)]
    [InlineData("fees/0/network", "\"amex\"", true)]
    [InlineData("fees/0/effective_from", "\"2026-01-02T00:00:00Z\"", true)]
    [InlineData("fees/0/effective_until", "null", true)]
    public void What_means_something_to_a_connector_shows(string member, string json, bool enabled)
    {
        var plain = enabled ? Bodies.Connector : Bodies.With(Bodies.Without(Bodies.Connector, "status"), "enabled", "false");
        Assert.NotEqual(OfConnector(plain), OfConnector(Bodies.With(plain, member, json)));
    }

    [Theory]
    [InlineData("{}", "{}")]
    [InlineData("""{"amount":null}""", "{}")]
    [InlineData("""{ "amount": 5 }""", """{"amount":5}""")]
    public void A_capture_has_this_canonical_form(string body, string canonical) =>
        Assert.Equal(canonical, Read(body, PaymentOperationRequest.Capture.Read, (request, writer) => request.WriteCanonical(writer)));

    [Theory]
    [InlineData("{}", "{}")]
    [InlineData("""{"reason":null}""", "{}")]
    [InlineData("""{ "reason": "out of stock" }""", """{"reason":"out of stock"}""")]
    public void A_cancellation_has_this_canonical_form(string body, string canonical) =>
        Assert.Equal(canonical, Read(body, PaymentOperationRequest.Cancel.Read, (request, writer) => request.WriteCanonical(writer)));

    [Fact]
    public void A_payment_that_waits_for_its_confirmation_has_this_canonical_form() => Assert.Equal(
        """{"amount":1,"card":{"exp_month":5,"exp_year":2026,"number":"4242424242424242"},"confirm":false,"currency":"JPY","merchant_id":"mer_00000000000000000000000000"}""",
        OfPayment("""{"amount":1,"currency":"JPY","confirm":false,"payment_method":{"type":"card","card":{"number":"4242424242424242","exp_month":5,"exp_year":2026}}}"""));

    [Theory]
    [InlineData("{}", "{}")]
    [InlineData("""{"payment_method":null}""", "{}")]
    [InlineData(
        """{"payment_method":{"card":{"cvc":"123","holder_name":"A. Payer","number":"4242424242424242","exp_year":2026,"exp_month":5},"type":"card"}}""",
        """{"card":{"exp_month":5,"exp_year":2026,"holder_name":"A. Payer","number":"4242424242424242"}}""")]
    public void A_confirmation_has_this_canonical_form(string body, string canonical) =>
        Assert.Equal(canonical, Read(body, PaymentOperationRequest.Confirm.Read, (request, writer) => request.WriteCanonical(writer)));

    [Theory]
    [InlineData("""{"resolution":"not_captured","reason":"Asked them"}""", """{"reason":"Asked them","resolution":"not_captured"}""")]
    [InlineData("""{"resolution":"authorized","reason":"r","connector_reference":"pi_1"}""", """{"connector_reference":"pi_1","reason":"r","resolution":"authorized"}""")]
    [InlineData("""{"resolved_by":"Ann","resolution":"cancelled","reason":"r"}""", """{"reason":"r","resolution":"cancelled","resolved_by":"Ann"}""")]
    public void A_resolution_has_this_canonical_form(string body, string canonical) =>
        Assert.Equal(canonical, Read(body, PaymentOperationRequest.Resolve.Read, (request, writer) => request.WriteCanonical(writer)));

    private static string OfPayment(string body) => Read(body, PaymentRequest.Read, (request, writer) => request.WriteCanonical(writer, Merchant));

    private static string OfConnector(string body) => Read(body, ConnectorRequest.Read, (request, writer) => request.WriteCanonical(writer));

    private static string Read<T>(string body, Func<JsonElement, Json.Faults, T> read, Action<T, Utf8JsonWriter> write)
        where T : class
    {
        Assert.True(RequestBody.Parse(Encoding.UTF8.GetBytes(body), read).TryGet(out var request, out var problem), problem?.Detail);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) write(request, writer);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
