using System.Collections.Immutable;
using System.Text.Json;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Api.Tests.Support;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>What happened to a payment.</summary>
public sealed class PaymentTraceTests : HeldPaymentTests
{
    [Fact]
    public async Task Traces_are_answered_in_their_order_with_every_member()
    {
        var id = await TracedAsync();
        var answer = await Host.GetAsync($"/api/v1/payments/{id}/traces", Key);
        const string Expected =
            """
            {"data":[
             {"sequence":1,"at":"2026-05-17T12:00:00.000000Z","event":"payment.created","status":"created","attempt":null,"connector":null,"duration_ms":null,
              "error_code":null,"error_message":null,"request":null,"response":null},
             {"sequence":2,"at":"2026-05-17T12:00:01.500000Z","event":"attempt.declined","status":"declined","attempt":1,"connector":"card-a","duration_ms":1500,
              "error_code":"card_declined","error_message":"The issuer declined.","request":{"amount":"1099","card":"************4242"},"response":{}}]}
            """;
        Assert.Equal(200, answer.Status);
        Assert.Equal(JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(Expected)), answer.Body);
    }

    [Theory]
    [InlineData("payments:read", 200)]
    [InlineData("payments:write", 403)]
    public async Task Only_a_key_that_may_read_payments_reads_them(string permission, int status)
    {
        var asked = $$"""{"name":"other","permissions":["{{permission}}"]}""";
        var key = Text(await Host.PostAsync($"/api/v1/merchants/{MerchantId}/api_keys", asked), "key");
        Assert.Equal(status, (await Host.GetAsync($"/api/v1/payments/{await TracedAsync()}/traces", key)).Status);
    }

    [Fact]
    public async Task Traces_of_another_merchants_payment_do_not_exist()
    {
        var id = await TracedAsync();
        var (_, stranger) = await Host.NewMerchantAsync();
        Assert.Equal(404, (await Host.GetAsync($"/api/v1/payments/{id}/traces", stranger)).Status);
        Assert.Equal(404, (await Host.GetAsync("/api/v1/payments/pay_00000000000000000000000000/traces", Key)).Status);
        Assert.Equal(404, (await Host.GetAsync("/api/v1/payments/pay_1/traces", Key)).Status);
        Assert.Equal(200, (await Host.GetAsync($"/api/v1/payments/{id}/traces")).Status);
    }

    [Fact]
    public async Task A_query_is_refused() => Assert.Equal("unknown_field", (await Host.GetAsync($"/api/v1/payments/{await TracedAsync()}/traces?limit=1", Key)).Code);

    private async Task<string> TracedAsync()
    {
        var id = await HeldAsync();
        var sent = ImmutableSortedDictionary<string, string>.Empty.Add("card", "************4242").Add("amount", "1099");
        ((FakePayment)Host.Engine.Grain<IPaymentGrain>(id)).Traces = new PaymentTraces(
        [
            new PaymentTrace(1, ApiHost.Start, "payment.created", PaymentStatus.Created, null, null, null, null, null, null, null),
            new PaymentTrace(
                2, ApiHost.Start.AddSeconds(1.5), "attempt.declined", PaymentStatus.Declined, 1, "card-a", 1500, "card_declined", "The issuer declined.", sent,
                ImmutableSortedDictionary<string, string>.Empty),
        ]);
        return id;
    }
}
