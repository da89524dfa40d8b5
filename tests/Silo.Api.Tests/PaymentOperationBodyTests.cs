using OrleansPayments.Silo.Api.Tests.Support;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>What captures and cancellations take and what they refuse, with the exact field.</summary>
public sealed class PaymentOperationBodyTests : HeldPaymentTests
{
    [Theory]
    [InlineData("capture")]
    [InlineData("cancel")]
    public async Task No_body_needs_no_content_type(string operation)
    {
        (string, string) authorization = ("Authorization", "Bearer " + Key);
        var path = async () => $"/api/v1/payments/{await HeldAsync()}/{operation}";
        Assert.StartsWith("HTTP/1.1 200", await RawHttp.SendAsync(Host, "POST", await path(), null, authorization), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", await RawHttp.SendAsync(Host, "POST", await path(), null, authorization, ("Content-Length", "0")), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", await SendAsync("", ("Content-Type", "application/x-www-form-urlencoded")), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", await SendAsync("0\r\n\r\n", ("Transfer-Encoding", "chunked")), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 415", await SendAsync("{}", ("Content-Type", "text/plain")), StringComparison.Ordinal);

        async Task<string> SendAsync(string body, (string, string) header) => await RawHttp.SendAsync(Host, "POST", await path(), body, authorization, header);
    }

    public static TheoryData<string, string, string, string?> BadBodies() => new()
    {
        { "capture", """{"amount":0}""", "invalid_value", "/amount" },
        { "capture", """{"amount":-5}""", "invalid_value", "/amount" },
        { "capture", """{"amount":1000000000000}""", "invalid_value", "/amount" },
        { "capture", """{"amount":99999999999999999999}""", "invalid_value", "/amount" },
        { "capture", """{"amount":"5"}""", "invalid_type", "/amount" },
        { "capture", """{"amount":5.0}""", "invalid_type", "/amount" },
        { "capture", """{"amount":1e2}""", "invalid_type", "/amount" },
        { "capture", """{"amount":true}""", "invalid_type", "/amount" },
        { "capture", """{"amount":5,"amount":5}""", "duplicate_field", "/amount" },
        { "capture", """{"reason":"x"}""", "unknown_field", "/reason" },
        { "capture", """{"currency":"USD"}""", "unknown_field", "/currency" },
        { "capture", "[]", "invalid_type", null },
        { "capture", "null", "invalid_type", null },
        { "capture", " ", "invalid_json", null },
        { "capture", "{", "invalid_json", null },
        { "cancel", """{"reason":""}""", "invalid_value", "/reason" },
        { "cancel", $$"""{"reason":"{{new string('r', 256)}}"}""", "invalid_value", "/reason" },
        { "cancel", """{"reason":"a\nb"}""", "invalid_value", "/reason" },
        { "cancel", """{"reason":"\ud800"}""", "invalid_value", "/reason" },
        { "cancel", """{"reason":"lost 4242424242424242"}""", "invalid_value", "/reason" },
        { "cancel", """{"reason":"4242 4242 4242 4242"}""", "invalid_value", "/reason" },
        { "cancel", """{"reason":"3782-822463-10005 stolen"}""", "invalid_value", "/reason" },
        { "cancel", """{"reason":5}""", "invalid_type", "/reason" },
        { "cancel", """{"reason":{}}""", "invalid_type", "/reason" },
        { "cancel", """{"reason":"a","reason":"a"}""", "duplicate_field", "/reason" },
        { "cancel", """{"amount":5}""", "unknown_field", "/amount" },
        { "cancel", "\"text\"", "invalid_type", null },
        { "cancel", "nope", "invalid_json", null },
    };

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task A_bad_body_is_refused_and_reaches_no_payment(string operation, string body, string code, string? param)
    {
        var answer = await Host.PostAsync($"/api/v1/payments/{await HeldAsync()}/{operation}", body, Key, "k");
        Assert.Equal((400, code, param, "application/problem+json"), (answer.Status, answer.Code, answer.Param, answer.MediaType));
        Assert.DoesNotContain("4242", answer.Body, StringComparison.Ordinal);
        Assert.Empty(Host.Engine.Captures);
        Assert.Empty(Host.Engine.Cancels);
    }

    [Fact]
    public async Task The_longest_reason_and_the_largest_amount_are_let_through()
    {
        Assert.Equal(200, (await CancelAsync(await HeldAsync(), $$"""{"reason":"{{new string('r', 255)}}"}""")).Status);
        Assert.Equal("amount_exceeds_capturable", (await CaptureAsync(await HeldAsync(), """{"amount":999999999999}""")).Code);
    }
}
