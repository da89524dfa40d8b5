using OrleansPayments.Payments;
using OrleansPayments.Silo.Api.Tests.Support;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>The query of <c>GET /payments</c>.</summary>
public sealed class PaymentListTests(ApiHost host) : IClassFixture<ApiHost>
{
    public static TheoryData<string, string, string> RefusedQueries() => new()
    {
        { "limit=0", "invalid_value", "/limit" },
        { "limit=101", "invalid_value", "/limit" },
        { "limit=ten", "invalid_value", "/limit" },
        { "limit=+5", "invalid_value", "/limit" },
        { "limit=", "invalid_value", "/limit" },
        { "limit=1&limit=2", "duplicate_field", "/limit" },
        { "status=paid", "invalid_value", "/status" },
        { "connector=Card%20A", "invalid_value", "/connector" },
        { "customer_id=%00", "invalid_value", "/customer_id" },
        { "merchant_id=mer_1", "invalid_value", "/merchant_id" },
        { "created_after=2026-01-01", "invalid_value", "/created_after" },
        { "created_after=2026-01-01T00:00:00", "invalid_value", "/created_after" },
        { "created_before=2026-13-01T00:00:00Z", "invalid_value", "/created_before" },
        { "starting_after=pay_1", "invalid_value", "/starting_after" },
        { "starting_after=pay_00000000000000000000000000", "invalid_value", "/starting_after" },
        { "page=2", "unknown_field", "/page" },
        { "Limit=2&a/b=1", "unknown_field", "/Limit" },
    };

    [Theory]
    [MemberData(nameof(RefusedQueries))]
    public async Task A_wrong_query_is_refused(string query, string code, string param)
    {
        var answer = await host.GetAsync("/api/v1/payments?" + query);
        Assert.Equal((400, code, param), (answer.Status, answer.Code, answer.Param));
    }

    [Fact]
    public async Task Filters_reach_the_list()
    {
        var (id, key) = await host.NewMerchantAsync();
        var answer = await host.GetAsync(
            "/api/v1/payments?status=declined&connector=card-a&customer_id=cus_1&merchant_order_id=o%201&created_after=2026-01-01T00:00:00Z"
            + "&created_before=2026-02-01T01:00:00.5%2B01:00&limit=7", key);
        Assert.Equal((200, """{"data":[],"has_more":false}"""), (answer.Status, answer.Body));
        var query = host.PaymentList.Queries.Last();
        Assert.Equal(id, query.MerchantId!.Value.Value);
        Assert.Equal((PaymentStatus.Declined, "card-a", "cus_1", "o 1", 7), (query.Status, query.Connector.ToString(), query.CustomerId, query.MerchantOrderId, query.Limit));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), query.CreatedAfter);
        Assert.Equal(new DateTimeOffset(2026, 2, 1, 0, 0, 0, 500, TimeSpan.Zero), query.CreatedBefore);
        Assert.Null(query.StartingAfter);
    }

    [Fact]
    public async Task Payments_that_wait_for_their_payer_can_be_asked_for()
    {
        Assert.Equal(200, (await host.GetAsync("/api/v1/payments?status=requires_action")).Status);
        Assert.Contains(host.PaymentList.Queries, query => query.Status == PaymentStatus.RequiresAction);
    }

    [Fact]
    public async Task Pages_follow_each_other()
    {
        var (id, key) = await host.NewMerchantAsync();
        for (var i = 0; i < 5; i++) Assert.Equal(201, (await host.PostAsync("/api/v1/payments", Bodies.Payment, key)).Status);

        var seen = new List<string>();
        var cursor = "";
        for (var page = 0; page < 3; page++)
        {
            var answer = await host.GetAsync("/api/v1/payments?limit=2" + cursor, key);
            var ids = answer.Json.GetProperty("data").EnumerateArray().Select(payment => payment.GetProperty("id").GetString()!).ToList();
            Assert.Equal(page < 2, answer.Json.GetProperty("has_more").GetBoolean());
            seen.AddRange(ids);
            cursor = "&starting_after=" + ids[^1];
        }

        Assert.Equal(5, seen.Distinct().Count());
        Assert.Equal(20, (await Last("/api/v1/payments", key)).Limit);
        Assert.Equal(id, (await Last("/api/v1/payments", key)).MerchantId!.Value.Value);
        Assert.Null((await Last("/api/v1/payments", ApiHost.AdminKeyText)).MerchantId);
        Assert.Equal(id, (await Last("/api/v1/payments?merchant_id=" + id, ApiHost.AdminKeyText)).MerchantId!.Value.Value);

        async Task<Payments.PaymentListQuery> Last(string path, string with)
        {
            Assert.Equal(200, (await host.GetAsync(path, with)).Status);
            return host.PaymentList.Queries.Last();
        }
    }

    [Fact]
    public async Task Nobody_lists_or_pages_over_another_merchants_payments()
    {
        var (_, key) = await host.NewMerchantAsync();
        var (other, otherKey) = await host.NewMerchantAsync();
        var foreign = (await host.PostAsync("/api/v1/payments", Bodies.Payment, otherKey)).Json.GetProperty("id").GetString();
        Assert.Equal("forbidden", (await host.GetAsync("/api/v1/payments?merchant_id=" + other, key)).Code);
        Assert.Equal("/starting_after", (await host.GetAsync("/api/v1/payments?starting_after=" + foreign, key)).Param);
    }
}
