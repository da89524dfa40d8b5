using OrleansPayments.Payments;
using OrleansPayments.Silo.Api.Tests.Support;
using static OrleansPayments.Silo.Api.Tests.Support.Bodies;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>Capturing and cancelling payments: by whom, which, and what is answered.</summary>
public sealed class PaymentOperationTests : HeldPaymentTests
{
    private const string Nobody = "pay_00000000000000000000000000";

    [Theory]
    [InlineData(null, CaptureMethod.Automatic, "automatic", "captured")]
    [InlineData("automatic", CaptureMethod.Automatic, "automatic", "captured")]
    [InlineData("manual", CaptureMethod.Manual, "manual", "authorized")]
    [InlineData("manual_multiple", CaptureMethod.ManualMultiple, "manual_multiple", "authorized")]
    public async Task The_capture_method_reaches_the_payment(string? asked, CaptureMethod method, string shown, string status)
    {
        var answer = await Host.PostAsync("/api/v1/payments", With(Payment, "capture_method", asked is null ? "null" : $"\"{asked}\""), Key);
        Assert.Equal((201, shown, status), (answer.Status, Text(answer, "capture_method"), Text(answer, "status")));
        Assert.Equal(method, Host.Engine.Charges.Single().CaptureMethod);
    }

    [Fact]
    public async Task The_same_key_with_another_capture_method_is_refused()
    {
        await Host.PostAsync("/api/v1/payments", Payment, Key, "k");
        var answer = await Host.PostAsync("/api/v1/payments", With(Payment, "capture_method", "\"manual\""), Key, "k");
        Assert.Equal((422, "idempotency_mismatch"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"amount":null}""")]
    [InlineData("""{"amount":1099}""")]
    public async Task A_capture_is_answered_with_the_payment(string body)
    {
        var id = await HeldAsync();
        var answer = await CaptureAsync(id, body);
        Assert.Equal((200, "captured", 1099), (answer.Status, Text(answer, "status"), answer.Json.GetProperty("amount_captured").GetInt64()));
        Assert.Equal((200, answer.Body), await ReadAsync(id));
    }

    [Fact]
    public async Task A_part_is_captured()
    {
        var answer = await CaptureAsync(await HeldAsync(), """{"amount":400}""");
        Assert.Equal((200, "partially_captured", 400), (answer.Status, Text(answer, "status"), answer.Json.GetProperty("amount_captured").GetInt64()));
        Assert.Equal(400, Host.Engine.Captures.Single().Amount);
    }

    [Theory]
    [InlineData("""{"reason":"out of stock – sorry"}""", "out of stock – sorry")]
    [InlineData("""{"reason":null}""", null)]
    [InlineData("{}", null)]
    public async Task A_cancellation_is_answered_with_the_payment_and_its_reason(string body, string? reason)
    {
        var id = await HeldAsync();
        var answer = await CancelAsync(id, body);
        Assert.Equal((200, "cancelled", reason), (answer.Status, Text(answer, "status"), Text(answer, "cancellation_reason")));
        Assert.Equal(reason, Host.Engine.Cancels.Single().Reason);
        Assert.Equal((200, answer.Body), await ReadAsync(id));
    }

    [Theory]
    [InlineData("capture", "payments:write", 200)]
    [InlineData("capture", "*", 200)]
    [InlineData("capture", "payments:read", 403)]
    [InlineData("capture", "refunds:write", 403)]
    [InlineData("cancel", "payments:write", 200)]
    [InlineData("cancel", "payments:read", 403)]
    [InlineData("cancel", "refunds:write", 403)]
    public async Task Only_a_key_that_may_write_payments_operates_on_them(string operation, string permission, int status)
    {
        var id = await HeldAsync();
        var asked = $$"""{"name":"other","permissions":["{{permission}}"]}""";
        var key = Text(await Host.PostAsync($"/api/v1/merchants/{MerchantId}/api_keys", asked), "key");
        Assert.Equal(status, (await Host.PostAsync($"/api/v1/payments/{id}/{operation}", "{}", key)).Status);
        Assert.Equal(status == 200 ? 1 : 0, Host.Engine.Captures.Count + Host.Engine.Cancels.Count);
    }

    [Theory]
    [InlineData("capture")]
    [InlineData("cancel")]
    public async Task A_payment_of_another_merchant_does_not_exist(string operation)
    {
        var id = await HeldAsync();
        var (_, stranger) = await Host.NewMerchantAsync();
        var foreign = await Host.PostAsync($"/api/v1/payments/{id}/{operation}", "{}", stranger, "k");
        var unknown = await Host.PostAsync($"/api/v1/payments/{Nobody}/{operation}", "{}", stranger, "k");
        Assert.Equal((404, "not_found", Text(unknown, "detail")), (foreign.Status, foreign.Code, Text(foreign, "detail")));
        Assert.Equal((404, "not_found"), (unknown.Status, unknown.Code));
        Assert.Empty(Host.Engine.Captures);
        Assert.Empty(Host.Engine.Cancels);
        Assert.Equal(200, (await Host.PostAsync($"/api/v1/payments/{id}/{operation}", "{}")).Status);
    }

    [Theory]
    [InlineData("pay_1")]
    [InlineData("PAY_00000000000000000000000000")]
    [InlineData("mer_00000000000000000000000000")]
    [InlineData("pay_0000000000000000000000000u")]
    public async Task A_malformed_id_is_no_payment(string id)
    {
        foreach (var operation in (string[])["capture", "cancel"])
        {
            var answer = await Host.PostAsync($"/api/v1/payments/{id}/{operation}", "not even json", Key);
            Assert.Equal((404, "not_found"), (answer.Status, answer.Code));
        }
    }

    [Theory]
    [InlineData("capture", "A payment that is cancelled cannot be captured.")]
    [InlineData("cancel", "A payment that is cancelled cannot be cancelled.")]
    public async Task What_does_not_fit_the_state_is_refused_with_state_and_operation(string operation, string detail)
    {
        var id = await HeldAsync();
        await CancelAsync(id, "{}");
        var answer = await Host.PostAsync($"/api/v1/payments/{id}/{operation}", "{}", Key);
        Assert.Equal((409, "invalid_state", null, detail), (answer.Status, answer.Code, answer.Param, Text(answer, "detail")));
    }

    [Fact]
    public async Task More_than_is_left_is_refused_at_the_amount()
    {
        var id = await HeldAsync();
        await CaptureAsync(id, """{"amount":1000}""");
        var answer = await CaptureAsync(id, """{"amount":100}""");
        Assert.Equal((422, "amount_exceeds_capturable", "/amount", "At most 99 can be captured."), (answer.Status, answer.Code, answer.Param, Text(answer, "detail")));
    }

    private async Task<(int Status, string Body)> ReadAsync(string id)
    {
        var read = await Host.GetAsync("/api/v1/payments/" + id, Key);
        return (read.Status, read.Body);
    }
}
