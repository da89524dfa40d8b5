using OrleansPayments.Silo.Api.Tests.Support;
using static OrleansPayments.Silo.Api.Tests.Support.Bodies;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>What would become of a payment.</summary>
public sealed class PaymentValidationTests : HeldPaymentTests
{
    [Fact]
    public async Task A_payment_that_would_be_taken_is_valid_and_its_route_is_explained()
    {
        var answer = await ValidateAsync(Payment);
        const string Expected =
            """{"valid":true,"errors":[],"routing":{"strategy":"priority","rule":null,"chosen":"card-a","candidates":[{"connector":"card-a","eligible":true,"reason":null,"fee":null,"time":null,"risk":null,"success_rate":null,"cost":null,"rank":1},{"connector":"card-b","eligible":false,"reason":"currency_not_supported","fee":null,"time":null,"risk":null,"success_rate":null,"cost":null,"rank":null}]}}""";
        Assert.Equal((200, Expected), (answer.Status, answer.Body));
        var route = Host.Engine.Routed.Single();
        Assert.Equal((MerchantId, 1099L, "USD", "card", "card-a"), (route.MerchantId.Value, route.Amount.MinorUnits, route.Amount.Currency.Code, route.Method, route.PreferredConnector));
        Assert.Equal(("visa", "424242", "v"), (route.Network, route.Bin, route.Metadata!["k"]));
        Assert.Empty(Host.Engine.Payments);
        Assert.Empty(Host.Engine.Charges);
    }

    [Fact]
    public async Task Without_a_connector_that_can_take_it_it_is_not_valid()
    {
        Host.Engine.Candidates = [new("card-b", Eligible: false, Reason: "disabled", Rank: null)];
        var answer = await ValidateAsync(Payment);
        Assert.Equal(["no_eligible_connector "], Errors(answer));
        var routing = answer.Json.GetProperty("routing");
        Assert.Equal(("null", "disabled"), (routing.GetProperty("chosen").GetRawText(), routing.GetProperty("candidates")[0].GetProperty("reason").GetString()));

        Host.Engine.Candidates = [];
        Assert.Equal(["no_eligible_connector "], Errors(await ValidateAsync(Payment)));
    }

    [Fact]
    public async Task All_faults_are_told_and_the_first_is_that_of_the_creation()
    {
        const string Body =
            """
            {"amount":"10.99","capture_method":"later","zzz":1,"description":"for 4242424242424242","return_url":"x","confirm":1,
             "payment_method":{"type":"card","card":{"number":"4242424242424242","exp_month":12,"exp_year":2025,"cvc":"1"}}}
            """;
        var answer = await ValidateAsync(Body);
        string[] expected =
        [
            "unknown_field /zzz", "invalid_type /amount", "invalid_value /payment_method/card/cvc", "invalid_value /capture_method", "invalid_type /confirm",
            "invalid_value /return_url", "invalid_value /description", "missing_field /currency", "card_expired /payment_method/card/exp_year",
        ];
        Assert.Equal(expected, Errors(answer));
        Assert.Equal("null", answer.Json.GetProperty("routing").GetRawText());
        var created = await Host.PostAsync("/api/v1/payments", Body, Key);
        Assert.Equal(expected[0], $"{created.Code} {created.Param}");
        Assert.DoesNotContain("4242424242424242", answer.Body, StringComparison.Ordinal);
    }

    /// <summary>A member set to a value → the only error, and whether a route is shown all the same.</summary>
    public static TheoryData<string, string, string, bool> Spoilt() => new()
    {
        { "amount", "0", "invalid_value /amount", false },
        { "currency", "\"XXX\"", "invalid_value /currency", false },
        { "currency", "7", "invalid_type /currency", false },
        { "preferred_connector", "\"Card A\"", "invalid_value /preferred_connector", false },
        { "payment_method", "null", "invalid_type /payment_method", false },
        { "payment_method", """{"type":"wallet"}""", "not_supported /payment_method/type", false },
        { "payment_method/card/exp_year", "2025", "card_expired /payment_method/card/exp_year", true },
        { "payment_method/card/exp_year", "25", "invalid_value /payment_method/card/exp_year", true },
        { "payment_method/card/number", "\"1\"", "invalid_card_number /payment_method/card/number", true },
        { "metadata", """{"k":1}""", "invalid_type /metadata/k", true },
        { "merchant_id", "\"mer_1\"", "invalid_value /merchant_id", false },
        { "merchant_id", "\"mer_00000000000000000000000000\"", "forbidden /merchant_id", false },
    };

    [Theory]
    [MemberData(nameof(Spoilt))]
    public async Task One_fault_is_told_once(string member, string json, string error, bool routed)
    {
        var answer = await ValidateAsync(With(Payment, member, json));
        Assert.Equal([error], Errors(answer));
        Assert.Equal(routed ? 1 : 0, Host.Engine.Routed.Count);
        Assert.Equal(routed, answer.Json.GetProperty("routing").ValueKind == System.Text.Json.JsonValueKind.Object);
    }

    [Fact]
    public async Task An_administrator_is_told_about_the_merchant()
    {
        Assert.Equal(["missing_field /merchant_id"], Errors(await Host.PostAsync("/api/v1/payments/validate", Payment)));
        var nobodys = With(Payment, "merchant_id", "\"mer_00000000000000000000000000\"");
        Assert.Equal(["merchant_not_found /merchant_id"], Errors(await Host.PostAsync("/api/v1/payments/validate", nobodys)));
        Assert.Empty(Errors(await Host.PostAsync("/api/v1/payments/validate", With(Payment, "merchant_id", $"\"{MerchantId}\""))));
    }

    [Theory]
    [InlineData("{", "invalid_json")]
    [InlineData("", "invalid_json")]
    [InlineData("[]", "invalid_type")]
    [InlineData("null", "invalid_type")]
    public async Task What_is_no_object_is_refused(string body, string code)
    {
        var answer = await ValidateAsync(body);
        Assert.Equal((400, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_body_that_is_nothing_but_faults_is_not_listed_whole()
    {
        var answer = await ValidateAsync($"{{{string.Join(',', Enumerable.Range(0, 1000).Select(number => $"\"x{number}\":1"))}}}");
        Assert.Equal(100, Errors(answer).Count());
    }

    private Task<Answer> ValidateAsync(string body) => Host.PostAsync("/api/v1/payments/validate", body, Key);

    /// <summary>Code and pointer of each.</summary>
    private static IEnumerable<string> Errors(Answer answer)
    {
        Assert.Equal(200, answer.Status);
        var errors = answer.Json.GetProperty("errors").EnumerateArray().ToList();
        Assert.Equal(errors.Count == 0, answer.Json.GetProperty("valid").GetBoolean());
        Assert.All(errors, error => Assert.False(string.IsNullOrWhiteSpace(error.GetProperty("detail").GetString())));
        return errors.Select(error => $"{error.GetProperty("code").GetString()} {error.GetProperty("param").GetString()}");
    }
}
