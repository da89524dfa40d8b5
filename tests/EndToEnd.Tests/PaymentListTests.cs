using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>The list of payments: complete, in order, and one's own.</summary>
[Collection(OneSilo.Name)]
public sealed class PaymentListTests(SystemFixture system)
{
    private const int Count = 57;

    [Fact]
    public async Task Pages_show_every_payment_once_and_the_newest_first()
    {
        using var shop = await system.OpenShopAsync();
        var paid = await PayManyAsync(shop);

        foreach (var limit in new[] { 1, 10, 57, 100 })
        {
            var pages = await ReadPagesAsync(shop.Api, "/payments?", limit);
            Assert.All(pages.SkipLast(1), page => Assert.Equal(limit, page.Count));
            var listed = pages.SelectMany(page => page).ToList();
            Assert.Equal(paid.Select(IdOf).Order(StringComparer.Ordinal), listed.Select(IdOf).Order(StringComparer.Ordinal));
            Assert.Equal(listed.OrderByDescending(CreatedAt).ThenByDescending(IdOf, StringComparer.Ordinal).Select(IdOf), listed.Select(IdOf));
        }

        // One that comes while somebody turns the pages changes none of the further ones.
        var first = await ListAsync(shop.Api, "/payments?limit=20");
        await PayAsync(shop, "late");
        var second = await ListAsync(shop.Api, "/payments?limit=37&starting_after=" + IdOf(first[^1]));
        Assert.Equal(paid.Select(IdOf).Order(StringComparer.Ordinal), first.Concat(second).Select(IdOf).Order(StringComparer.Ordinal));

        // The list follows the journal; without a filter by order nobody waits for it.
        await Eventually.TrueAsync("the late one is the newest", TimeSpan.FromSeconds(10), async () =>
            (string)(await ListAsync(shop.Api, "/payments?limit=1"))[0]["merchant_order_id"]! == "late");
    }

    [Fact]
    public async Task A_listed_payment_is_the_payment()
    {
        using var shop = await system.OpenShopAsync();
        var body = Bodies.Payment("4000000000009995", orderId: "one");
        body["customer_id"] = "cus_1";
        body["description"] = "described";
        body["metadata"] = new JsonObject { ["k"] = "v" };
        var payment = await shop.PayAsync(body);

        JsonAssert.Same(payment, Assert.Single(await ListAsync(shop.Api, "/payments?merchant_order_id=one")));
    }

    [Fact]
    public async Task Every_filter_lets_through_what_fits_and_nothing_else()
    {
        using var shop = await system.OpenShopAsync();
        var second = shop.Account + "-second";
        await shop.AddConnectorAsync(system.Silo.Admin, system.Simulator, second);
        for (var number = 0; number < 8; number++)
        {
            var body = Bodies.Payment(number % 2 == 0 ? Bodies.GoodCard : "4000000000000002", orderId: string.Create(CultureInfo.InvariantCulture, $"order {number}"));
            body["customer_id"] = number < 3 ? "cus_a" : "cus b/&?";
            body["preferred_connector"] = number < 4 ? shop.Account : second;
            await shop.PayAsync(body);
        }

        await CatchUpAsync(shop);
        var all = await ListAsync(shop.Api, "/payments?limit=100");
        Assert.Equal(8, all.Count);
        var moments = all.Select(payment => (string)payment["created_at"]!).ToList();

        await AssertFilterAsync("status=captured", payment => (string)payment["status"]! == "captured", 4);
        await AssertFilterAsync("status=declined", payment => (string)payment["status"]! == "declined", 4);
        await AssertFilterAsync("status=processing", _ => false, 0);
        await AssertFilterAsync("connector=" + second, payment => (string)payment["connector"]! == second, 4);
        await AssertFilterAsync("customer_id=cus_a", payment => (string)payment["customer_id"]! == "cus_a", 3);
        await AssertFilterAsync("customer_id=" + Uri.EscapeDataString("cus b/&?"), payment => (string)payment["customer_id"]! != "cus_a", 5);
        await AssertFilterAsync("merchant_order_id=order%205", payment => (string)payment["merchant_order_id"]! == "order 5", 1);
        await AssertFilterAsync("merchant_id=" + shop.MerchantId, _ => true, 8);
        await AssertFilterAsync("created_after=" + moments[3], payment => CreatedAt(payment) > CreatedAt(all[3]), 3);
        await AssertFilterAsync("created_before=" + moments[3], payment => CreatedAt(payment) < CreatedAt(all[3]), 4);
        await AssertFilterAsync(
            $"created_after={moments[6]}&created_before={moments[1]}&status=captured",
            payment => CreatedAt(payment) > CreatedAt(all[6]) && CreatedAt(payment) < CreatedAt(all[1]) && (string)payment["status"]! == "captured",
            2);

        async Task AssertFilterAsync(string filter, Func<JsonObject, bool> fits, int count)
        {
            var expected = all.Where(fits).Select(IdOf).ToList();
            Assert.Equal(count, expected.Count);
            Assert.Equal(expected, (await ListAsync(shop.Api, "/payments?limit=100&" + filter)).Select(IdOf));
            Assert.Equal(expected, (await ReadPagesAsync(shop.Api, $"/payments?{filter}&", 2)).SelectMany(page => page).Select(IdOf));
        }
    }

    [Fact]
    public async Task A_payment_is_found_by_its_order_right_after_its_answer()
    {
        using var shop = await system.OpenShopAsync();
        for (var round = 0; round < 20; round++)
        {
            var order = string.Create(CultureInfo.InvariantCulture, $"round-{round}");
            var payment = await shop.PayAsync(Bodies.Payment(orderId: order));
            JsonAssert.Same(payment, Assert.Single(await ListAsync(shop.Api, "/payments?merchant_order_id=" + order)));
        }
    }

    [Fact]
    public async Task Merchants_see_their_own_payments_and_the_administrator_all()
    {
        using var shop = await system.OpenShopAsync();
        using var other = await system.OpenShopAsync();
        var mine = IdOf(await PayAsync(shop, "same order"));
        var theirs = IdOf(await PayAsync(other, "same order"));

        Assert.Equal([mine], (await ListAsync(shop.Api, "/payments?merchant_order_id=same%20order")).Select(IdOf));
        Assert.Equal([theirs], (await ListAsync(other.Api, "/payments?merchant_order_id=same%20order")).Select(IdOf));
        Assert.Equal([theirs, mine], (await ListAsync(system.Silo.Admin, "/payments?merchant_order_id=same%20order")).Select(IdOf));
        Assert.Equal([mine], (await ListAsync(system.Silo.Admin, "/payments?merchant_id=" + shop.MerchantId)).Select(IdOf));
        JsonAssert.Problem(await shop.Api.GetAsync("/payments?merchant_id=" + other.MerchantId), HttpStatusCode.Forbidden, "forbidden", "/merchant_id");
        JsonAssert.Problem(await shop.Api.GetAsync("/payments?starting_after=" + theirs), HttpStatusCode.BadRequest, "invalid_value", "/starting_after");
    }

    [Theory]
    [InlineData("limit=0", "invalid_value", "/limit")]
    [InlineData("limit=101", "invalid_value", "/limit")]
    [InlineData("limit=ten", "invalid_value", "/limit")]
    [InlineData("limit=1&limit=2", "duplicate_field", "/limit")]
    [InlineData("status=paid", "invalid_value", "/status")]
    [InlineData("created_after=yesterday", "invalid_value", "/created_after")]
    [InlineData("starting_after=pay_00000000000000000000000000", "invalid_value", "/starting_after")]
    [InlineData("colour=red", "unknown_field", "/colour")]
    public async Task A_query_that_cannot_be_meant_is_refused(string query, string code, string param)
    {
        using var shop = await system.OpenShopAsync();
        JsonAssert.Problem(await shop.Api.GetAsync("/payments?" + query), HttpStatusCode.BadRequest, code, param);
    }

    private static async Task<List<JsonObject>> PayManyAsync(Shop shop)
    {
        var paid = new List<JsonObject>();
        foreach (var chunk in Enumerable.Range(0, Count).Chunk(8))
        {
            paid.AddRange(await Task.WhenAll(chunk.Select(number => PayAsync(shop, string.Create(CultureInfo.InvariantCulture, $"order-{number}")))));
        }

        await CatchUpAsync(shop);
        return paid;
    }

    private static Task<JsonObject> PayAsync(Shop shop, string order) => shop.PayAsync(Bodies.Payment(orderId: order));

    // A filter by order waits for the read model; so what was paid before is there afterwards.
    private static Task CatchUpAsync(Shop shop) => ListAsync(shop.Api, "/payments?merchant_order_id=any");

    private static async Task<List<List<JsonObject>>> ReadPagesAsync(Api api, string path, int limit)
    {
        var pages = new List<List<JsonObject>>();
        var cursor = "";
        while (true)
        {
            var answer = (await api.GetAsync(string.Create(CultureInfo.InvariantCulture, $"{path}limit={limit}{cursor}"))).Expect(HttpStatusCode.OK).Json;
            var page = answer["data"]!.AsArray().Select(payment => payment!.AsObject()).ToList();
            pages.Add(page);
            if (!(bool)answer["has_more"]!) return pages;
            cursor = "&starting_after=" + IdOf(page[^1]);
        }
    }

    private static async Task<List<JsonObject>> ListAsync(Api api, string path) =>
        [.. (await api.GetAsync(path)).Expect(HttpStatusCode.OK).Json["data"]!.AsArray().Select(payment => payment!.AsObject())];

    private static string IdOf(JsonObject payment) => (string)payment["id"]!;

    private static DateTimeOffset CreatedAt(JsonObject payment) => DateTimeOffset.Parse((string)payment["created_at"]!, CultureInfo.InvariantCulture);
}
