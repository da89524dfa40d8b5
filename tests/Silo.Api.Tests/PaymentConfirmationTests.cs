using OrleansPayments.Idempotency;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Api.Tests.Support;
using static OrleansPayments.Silo.Api.Tests.Support.Bodies;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>Payments that are created first and sent later, and what the payer has to do in between.</summary>
public sealed class PaymentConfirmationTests : HeldPaymentTests
{
    private const string OtherCard = """{"payment_method":{"type":"card","card":{"number":"5555555555554444","exp_month":1,"exp_year":2031,"cvc":"321"}}}""";

    [Theory]
    [InlineData("true", true, "captured")]
    [InlineData("null", true, "captured")]
    [InlineData("false", false, "created")]
    public async Task Only_a_payment_that_is_not_to_be_confirmed_waits(string confirm, bool confirmed, string status)
    {
        var answer = await Host.PostAsync("/api/v1/payments", With(Payment, "confirm", confirm), Key);
        Assert.Equal((201, status), (answer.Status, Text(answer, "status")));
        Assert.Equal(confirmed, Host.Engine.Charges.Single().Confirm);
    }

    [Fact]
    public async Task Creating_alone_is_another_request_than_creating_and_confirming()
    {
        Assert.Equal(201, (await Host.PostAsync("/api/v1/payments", With(Payment, "confirm", "false"), Key, "k")).Status);
        Assert.True((await Host.PostAsync("/api/v1/payments", With(Payment, "confirm", "false"), Key, "k")).IsReplayed);
        Assert.Equal("idempotency_mismatch", (await Host.PostAsync("/api/v1/payments", Payment, Key, "k")).Code);
    }

    [Fact]
    public async Task Without_a_body_the_card_of_the_creation_is_kept()
    {
        var id = await CreatedAsync();
        var answer = await Host.SendAsync(HttpMethod.Post, $"/api/v1/payments/{id}/confirm", body: null, Key, "k");
        Assert.Equal((200, "captured", id), (answer.Status, Text(answer, "status"), Text(answer, "id")));
        var command = Host.Engine.Confirms.Single();
        Assert.Null(command.Card);
        Assert.Null(command.CardFingerprint);
        Assert.Equal(IdempotencyKeyHash.Of(MerchantId, $"payments.confirm {id}", "k"), command.Identity!.Key);
    }

    [Fact]
    public async Task Another_card_takes_its_place_with_its_security_code()
    {
        var answer = await ConfirmAsync(await CreatedAsync(), OtherCard);
        Assert.Equal((200, "4444"), (answer.Status, answer.Json.GetProperty("payment_method").GetProperty("card").GetProperty("last4").GetString()));
        var command = Host.Engine.Confirms.Single();
        Assert.Equal(("5555555555554444", 1, 2031, "321"), (command.Card!.Number, command.Card.ExpiryMonth, command.Card.ExpiryYear, command.Card.SecurityCode));
        Assert.Null(command.Identity);
        Assert.DoesNotContain(Host.Logs.Lines, line => line.Contains("5555555555554444", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_same_key_is_answered_again_whatever_the_security_code_and_refused_with_another_card()
    {
        var id = await CreatedAsync();
        var first = await ConfirmAsync(id, OtherCard, "k");
        var again = await ConfirmAsync(id, With(OtherCard, "payment_method/card/cvc", "\"999\""), "k");
        Assert.Equal((200, false), (first.Status, first.IsReplayed));
        Assert.Equal((200, true, first.Body), (again.Status, again.IsReplayed, again.Body));
        Assert.Equal("idempotency_mismatch", (await ConfirmAsync(id, With(OtherCard, "payment_method/card/exp_year", "2032"), "k")).Code);
        Assert.Equal("idempotency_mismatch", (await ConfirmAsync(id, "{}", "k")).Code);
    }

    public static TheoryData<string, string, int, string, string> BadCards() => new()
    {
        { "payment_method", "[]", 400, "invalid_type", "/payment_method" },
        { "payment_method", "{}", 400, "missing_field", "/payment_method/type" },
        { "payment_method", """{"type":"wallet"}""", 422, "not_supported", "/payment_method/type" },
        { "payment_method/card/number", "\"4242424242424241\"", 400, "invalid_card_number", "/payment_method/card/number" },
        { "payment_method/card/exp_month", "13", 400, "invalid_value", "/payment_method/card/exp_month" },
        { "payment_method/card/exp_year", "2025", 422, "card_expired", "/payment_method/card/exp_year" },
        { "payment_method/card/cvc", "\"12\"", 400, "invalid_value", "/payment_method/card/cvc" },
        { "payment_method/card/holder_name", "\"x5555555555554444\"", 400, "invalid_value", "/payment_method/card/holder_name" },
        { "amount", "1099", 400, "unknown_field", "/amount" },
    };

    [Theory]
    [MemberData(nameof(BadCards))]
    public async Task A_bad_confirmation_is_refused_and_reaches_no_payment(string member, string json, int status, string code, string param)
    {
        var answer = await ConfirmAsync(await CreatedAsync(), With(OtherCard, member, json), "k");
        Assert.Equal((status, code, param), (answer.Status, answer.Code, answer.Param));
        Assert.DoesNotContain("5555555555554444", answer.Body, StringComparison.Ordinal);
        Assert.Empty(Host.Engine.Confirms);
    }

    [Theory]
    [InlineData("merchant_order_id", "\"n5555555555554444\"")]
    [InlineData("description", "\"5555555555554444\"")]
    [InlineData("customer_id", "\"5555555555554444\"")]
    [InlineData("return_url", "\"https://example.com/5555555555554444\"")]
    [InlineData("metadata", """{"k":"5555555555554444"}""")]
    [InlineData("metadata", """{"5555555555554444":"v"}""")]
    public async Task A_card_whose_number_the_payment_shows_is_refused(string member, string json)
    {
        var answer = await ConfirmAsync(await CreatedAsync(With(Payment, member, json)), OtherCard);
        Assert.Equal((400, "invalid_value", "/payment_method/card/number"), (answer.Status, answer.Code, answer.Param));
        Assert.DoesNotContain("5555555555554444", answer.Body, StringComparison.Ordinal);
        Assert.Empty(Host.Engine.Confirms);
    }

    [Fact]
    public async Task A_repetition_after_the_card_expired_is_still_answered()
    {
        var id = await CreatedAsync();
        var first = await ConfirmAsync(id, OtherCard, "k");
        Host.Time.Now = new DateTimeOffset(2032, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal((200, true, first.Body), await SeenAsync(ConfirmAsync(id, OtherCard, "k")));

        static async Task<(int, bool, string)> SeenAsync(Task<Answer> asked)
        {
            var answer = await asked;
            return (answer.Status, answer.IsReplayed, answer.Body);
        }
    }

    [Fact]
    public async Task What_the_payment_refuses_is_said_as_it_says_it()
    {
        var id = await CreatedAsync();
        Host.Engine.ForgetsCards = true;
        var forgotten = await ConfirmAsync(id, "{}");
        Assert.Equal((422, "card_required", "/payment_method"), (forgotten.Status, forgotten.Code, forgotten.Param));

        Assert.Equal(200, (await ConfirmAsync(id, OtherCard)).Status);
        var late = await ConfirmAsync(id, OtherCard);
        Assert.Equal((409, "invalid_state", "A payment that is captured cannot be confirmed."), (late.Status, late.Code, Text(late, "detail")));
    }

    [Theory]
    [InlineData("payments:write", 200)]
    [InlineData("payments:read", 403)]
    public async Task Only_a_key_that_may_write_payments_confirms(string permission, int status)
    {
        var asked = $$"""{"name":"other","permissions":["{{permission}}"]}""";
        var key = Text(await Host.PostAsync($"/api/v1/merchants/{MerchantId}/api_keys", asked), "key");
        Assert.Equal(status, (await Host.PostAsync($"/api/v1/payments/{await CreatedAsync()}/confirm", "{}", key)).Status);
    }

    [Fact]
    public async Task A_payment_of_another_merchant_does_not_exist()
    {
        var (_, stranger) = await Host.NewMerchantAsync();
        Assert.Equal(404, (await Host.PostAsync($"/api/v1/payments/{await CreatedAsync()}/confirm", "{}", stranger)).Status);
        Assert.Equal(404, (await ConfirmAsync("pay_1", "{}")).Status);
        Assert.Empty(Host.Engine.Confirms);
    }

    [Fact]
    public async Task What_the_payer_and_what_a_person_has_to_do_is_shown()
    {
        var id = await HeldAsync();
        var plain = await Host.GetAsync("/api/v1/payments/" + id, Key);
        Assert.Equal(("null", "null"), (Raw(plain, "next_action"), Raw(plain, "work_item")));
        Assert.Equal("https://example.com/back?x=1", Text(plain, "return_url"));

        Host.Engine.Change(id, view => view with
        {
            Status = PaymentStatus.RequiresAction,
            NextAction = new NextAction(NextActionType.Redirect, "https://issuer.example/3ds?a=1&b=2"),
            WorkItem = new WorkItem("outcome_unknown", ApiHost.Start, [PaymentResolution.Captured, PaymentResolution.NotCaptured]),
        });
        var shown = await Host.GetAsync("/api/v1/payments/" + id, Key);
        Assert.Equal("requires_action", Text(shown, "status"));
        Assert.Equal(("redirect", "https://issuer.example/3ds?a=1&b=2"), (Inner("next_action", "type"), Inner("next_action", "url")));
        Assert.Equal(
            """{"reason":"outcome_unknown","since":"2026-05-17T12:00:00.000000Z","resolutions":["captured","not_captured"],"connector":null,"connector_reference":null,"amount":null}""", Raw(shown, "work_item"));

        string? Inner(string member, string inner) => shown.Json.GetProperty(member).GetProperty(inner).GetString();

        static string Raw(Answer answer, string member) => answer.Json.GetProperty(member).GetRawText();
    }

    private async Task<string> CreatedAsync(string body = Payment) => Text(await Host.PostAsync("/api/v1/payments", With(body, "confirm", "false"), Key), "id")!;

    private Task<Answer> ConfirmAsync(string id, string body, string? idempotencyKey = null) =>
        Host.PostAsync($"/api/v1/payments/{id}/confirm", body, Key, idempotencyKey);
}
