using System.Text.Json;
using Orleans.Runtime;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Api.Tests.Support;
using static OrleansPayments.Silo.Api.Tests.Support.Bodies;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>Creating, repeating, reading and listing payments.</summary>
public sealed class PaymentTests : IAsyncLifetime
{
    private readonly ApiHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_payment_is_answered_in_the_documented_form()
    {
        var (id, key) = await _host.NewMerchantAsync();
        var answer = await _host.PostAsync("/api/v1/payments", Payment, key);
        Assert.Equal(201, answer.Status);
        var paymentId = answer.Json.GetProperty("id").GetString();
        var expected =
            $$$"""
            {"id":"{{{paymentId}}}","object":"payment","status":"captured","amount":1099,"amount_captured":1099,"amount_refunded":0,"currency":"USD",
             "capture_method":"automatic","merchant_id":"{{{id}}}","merchant_order_id":"order-1001","customer_id":"cus_1","description":"A description","connector":"card-a",
             "connector_reference":"ch_1","payment_method":{"type":"card","card":{"brand":"visa","last4":"4242","bin":"424242","exp_month":12,"exp_year":2030}},"billing":{"country":"SG"},
             "cancellation_reason":null,"return_url":"https://example.com/back?x=1","next_action":null,"expires_at":null,"work_item":null,"last_error":null,"routing":{"decision_id":"dec_1","chosen":"card-a"},"risk":null,"metadata":{"k":"v"},"version":2,
             "created_at":"2026-05-17T12:00:00.000000Z","updated_at":"2026-05-17T12:00:00.000000Z"}
            """;
        Assert.Equal(JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(expected)), answer.Body);

        var read = await _host.GetAsync($"/api/v1/payments/{paymentId}?sync=true", key);
        Assert.Equal((200, answer.Body), (read.Status, read.Body));
    }

    [Fact]
    public async Task Only_the_owner_that_wishes_it_makes_the_connector_be_asked()
    {
        var (_, key) = await _host.NewMerchantAsync();
        var (_, stranger) = await _host.NewMerchantAsync();
        var id = (await _host.PostAsync("/api/v1/payments", Payment, key)).Json.GetProperty("id").GetString();
        await _host.GetAsync($"/api/v1/payments/{id}", key);
        Assert.Equal(404, (await _host.GetAsync($"/api/v1/payments/{id}?sync=true", stranger)).Status);
        Assert.Empty(_host.Engine.Synced);

        Assert.Equal(200, (await _host.GetAsync($"/api/v1/payments/{id}?sync=true", key)).Status);
        Assert.Equal([id], _host.Engine.Synced);
    }

    [Fact]
    public async Task The_id_under_an_idempotency_key_is_the_same_in_every_release()
    {
        var (merchant, key) = await _host.NewMerchantAsync();
        var answer = await _host.PostAsync("/api/v1/payments", Payment, key, idempotencyKey: "order-1");

        // Another operation name here would charge the repetition of a request a second time after an upgrade.
        Assert.Equal(PaymentId.FromIdempotencyKey(merchant!, "payments.create", "order-1").Value, answer.Json.GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_decline_is_no_error()
    {
        var (_, key) = await _host.NewMerchantAsync();
        var answer = await _host.PostAsync("/api/v1/payments", With(Payment, "payment_method/card/number", "\"4000000000000002\""), key);
        Assert.Equal(201, answer.Status);
        Assert.Equal("declined", answer.Json.GetProperty("status").GetString());
        Assert.Equal(
            """{"code":"card_declined","message":"The issuer declined.","connector_code":"generic_decline","advice":"try_other_method"}""",
            answer.Json.GetProperty("last_error").GetRawText());
    }

    [Fact]
    public async Task The_same_key_and_request_is_answered_again_and_charged_once()
    {
        var (_, key) = await _host.NewMerchantAsync();
        var first = await _host.PostAsync("/api/v1/payments", Payment, key, "once");
        // Order of members, white space, defaults left out and another security code: the same request.
        var again = Without(Without(With(Payment, "payment_method/card/cvc", "\"999\""), "confirm"), "capture_method");
        var second = await _host.PostAsync("/api/v1/payments", again, key, "once");
        Assert.Equal((201, false), (first.Status, first.IsReplayed));
        Assert.Equal((201, true, first.Body), (second.Status, second.IsReplayed, second.Body));
        Assert.Single(_host.Engine.Charges);
    }

    [Fact]
    public async Task The_same_key_with_another_request_is_refused()
    {
        var (_, key) = await _host.NewMerchantAsync();
        await _host.PostAsync("/api/v1/payments", Payment, key, "k");
        var answer = await _host.PostAsync("/api/v1/payments", With(Payment, "amount", "1100"), key, "k");
        Assert.Equal((422, "idempotency_mismatch"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_refused_request_does_not_bind_its_key()
    {
        var (_, key) = await _host.NewMerchantAsync();
        Assert.Equal(400, (await _host.PostAsync("/api/v1/payments", With(Payment, "amount", "0"), key, "k")).Status);
        Assert.Equal(422, (await _host.PostAsync("/api/v1/payments", With(Payment, "payment_method", """{"type":"crypto"}"""), key, "k")).Status);
        Assert.Equal(201, (await _host.PostAsync("/api/v1/payments", Payment, key, "k")).Status);
    }

    [Fact]
    public async Task Merchants_do_not_share_keys()
    {
        var (_, one) = await _host.NewMerchantAsync();
        var (_, other) = await _host.NewMerchantAsync();
        var first = await _host.PostAsync("/api/v1/payments", Payment, one, "k");
        var second = await _host.PostAsync("/api/v1/payments", With(Payment, "amount", "5"), other, "k");
        Assert.Equal((201, false), (second.Status, second.IsReplayed));
        Assert.NotEqual(first.Json.GetProperty("id").GetString(), second.Json.GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_repetition_after_the_card_expired_is_still_answered()
    {
        var (_, key) = await _host.NewMerchantAsync();
        var first = await _host.PostAsync("/api/v1/payments", Payment, key, "k");
        _host.Time.Now = new DateTimeOffset(2031, 2, 1, 0, 0, 0, TimeSpan.Zero);
        var again = await _host.PostAsync("/api/v1/payments", Payment, key, "k");
        Assert.Equal((201, true, first.Body), (again.Status, again.IsReplayed, again.Body));
        Assert.Equal("card_expired", (await _host.PostAsync("/api/v1/payments", Payment, key, "another")).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nul\u0001l")]
    [InlineData("größe")]
    public async Task A_malformed_idempotency_key_is_refused(string idempotencyKey)
    {
        var (_, key) = await _host.NewMerchantAsync();
        var answer = await RawHttp.SendAsync(_host, "POST", "/api/v1/payments", Payment, ("Authorization", "Bearer " + key), ("Idempotency-Key", idempotencyKey));
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Empty(_host.Engine.Charges);
    }

    [Fact]
    public async Task An_idempotency_key_has_at_most_255_characters_and_comes_once()
    {
        var (_, key) = await _host.NewMerchantAsync();
        Assert.Equal(201, (await _host.PostAsync("/api/v1/payments", Payment, key, new string('k', 255))).Status);
        Assert.Equal("invalid_idempotency_key", (await _host.PostAsync("/api/v1/payments", Payment, key, new string('k', 256))).Code);
        var twice = await RawHttp.SendAsync(
            _host, "POST", "/api/v1/payments", Payment, ("Authorization", "Bearer " + key), ("Idempotency-Key", "a"), ("Idempotency-Key", "b"));
        Assert.Contains("invalid_idempotency_key", twice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrator_names_the_merchant()
    {
        var (id, _) = await _host.NewMerchantAsync();
        var named = await _host.PostAsync("/api/v1/payments", With(Payment, "merchant_id", $"\"{id}\""));
        Assert.Equal((201, id), (named.Status, named.Json.GetProperty("merchant_id").GetString()));
        var unnamed = await _host.PostAsync("/api/v1/payments", Payment);
        Assert.Equal((400, "missing_field", "/merchant_id"), (unnamed.Status, unnamed.Code, unnamed.Param));
        var unknown = await _host.PostAsync("/api/v1/payments", With(Payment, "merchant_id", $"\"mer_{new string('0', 26)}\""));
        Assert.Equal((422, "merchant_not_found", "/merchant_id"), (unknown.Status, unknown.Code, unknown.Param));
    }

    [Fact]
    public async Task A_merchants_key_stands_for_its_own_merchant_only()
    {
        var (id, key) = await _host.NewMerchantAsync();
        var (other, _) = await _host.NewMerchantAsync();
        Assert.Equal(201, (await _host.PostAsync("/api/v1/payments", With(Payment, "merchant_id", $"\"{id}\""), key)).Status);
        var answer = await _host.PostAsync("/api/v1/payments", With(Payment, "merchant_id", $"\"{other}\""), key);
        Assert.Equal((403, "forbidden", "/merchant_id"), (answer.Status, answer.Code, answer.Param));
    }

    [Fact]
    public async Task Another_merchants_payment_does_not_exist()
    {
        var (_, key) = await _host.NewMerchantAsync();
        var (_, other) = await _host.NewMerchantAsync();
        var id = (await _host.PostAsync("/api/v1/payments", Payment, key)).Json.GetProperty("id").GetString();
        Assert.Equal(404, (await _host.GetAsync($"/api/v1/payments/{id}", other)).Status);
        Assert.Equal(200, (await _host.GetAsync($"/api/v1/payments/{id}", key)).Status);
        Assert.Equal(200, (await _host.GetAsync($"/api/v1/payments/{id}")).Status);
        Assert.Equal(404, (await _host.GetAsync("/api/v1/payments/pay_1", key)).Status);
    }

    [Fact]
    public async Task While_the_first_request_still_runs_its_repetition_hears_so()
    {
        var (_, key) = await _host.NewMerchantAsync();
        _host.Engine.BeforeCharge = _ => throw new TimeoutException();
        var answer = await _host.PostAsync("/api/v1/payments", Payment, key, "k");
        Assert.Equal((409, "idempotency_in_progress"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Without_a_key_a_caller_that_waited_too_long_hears_the_payments_id()
    {
        var (_, key) = await _host.NewMerchantAsync();
        _host.Engine.BeforeCharge = command =>
        {
            foreach (var payment in _host.Engine.All<FakePayment>()) payment.Begin(command);
            throw new TimeoutException();
        };
        var answer = await _host.PostAsync("/api/v1/payments", Payment, key);
        Assert.Equal((201, "processing"), (answer.Status, answer.Json.GetProperty("status").GetString()));
    }

    public static TheoryData<Exception, int, string> Failures() => new()
    {
        { new TimeoutException(), 503, "temporarily_unavailable" },
        { new JournalUnavailableException(), 503, "temporarily_unavailable" },
        { new SiloUnavailableException(), 503, "temporarily_unavailable" },
        { new LimitExceededException("queue full"), 503, "overloaded" },
        { new JournalRejectedException("secret detail"), 500, "internal_error" },
        { new InvalidDataException("secret detail"), 500, "internal_error" },
        { new OperationCanceledException("secret detail"), 500, "internal_error" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_failure_becomes_a_problem_without_details(Exception failure, int status, string code)
    {
        var (_, key) = await _host.NewMerchantAsync();
        _host.Engine.BeforeCharge = _ => throw failure;
        var answer = await _host.PostAsync("/api/v1/payments", Payment, key);
        Assert.Equal((status, code), (answer.Status, answer.Code));
        Assert.Equal(status == 503, answer.Headers.ContainsKey("Retry-After"));
        Assert.DoesNotContain("secret detail", answer.Body, StringComparison.Ordinal);
        var requestId = answer.Json.GetProperty("request_id").GetString()!;
        Assert.Contains(_host.Logs.Lines, line => line.Contains(requestId, StringComparison.Ordinal) && line.Contains(failure.GetType().Name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_caller_that_goes_away_does_not_cancel_its_payment()
    {
        var (id, key) = await _host.NewMerchantAsync();
        var arrived = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        _host.Engine.BeforeCharge = async _ =>
        {
            arrived.SetResult();
            await release.Task;
        };
        using (var caller = await RawHttp.ConnectAsync(_host))
        {
            await RawHttp.WriteAsync(caller, "POST", "/api/v1/payments", Payment, ("Authorization", "Bearer " + key));
            await arrived.Task;
        }

        release.SetResult();
        await Eventually.TrueAsync(() => _host.Engine.Charges.Any(charge => charge.MerchantId.Value == id));
    }

    [Fact]
    public async Task Nothing_secret_is_logged()
    {
        var (_, key) = await _host.NewMerchantAsync();
        await _host.PostAsync("/api/v1/payments", Payment, key);
        await _host.PostAsync("/api/v1/payments", With(Payment, "nope", "1"), key);
        _host.Engine.BeforeCharge = _ => throw new InvalidDataException();
        await _host.PostAsync("/api/v1/payments", Payment, key);
        await _host.PostAsync("/api/v1/connectors", Connector);
        Assert.NotEmpty(_host.Logs.Lines);
        foreach (var secret in (string[])["4242424242424242", key, ApiHost.AdminKeyText, "sk_test_a", "A. Payer"])
        {
            Assert.DoesNotContain(_host.Logs.Lines, line => line.Contains(secret, StringComparison.Ordinal));
        }
    }
}
