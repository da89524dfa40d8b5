using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OrleansPayments.Silo.Persistence.Projections;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>What is derived from the journal can be thrown away and derived again.</summary>
[Collection(OneSilo.Name)]
public sealed class ProjectionTests(SystemFixture system)
{
    private const string PaymentList = "payment_list";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task The_payments_list_is_the_same_after_it_was_dropped_and_rebuilt()
    {
        using var shop = await system.OpenShopAsync();
        foreach (var chunk in Enumerable.Range(0, 300).Chunk(50)) await Task.WhenAll(chunk.Select(number => shop.PayAsync(BodyOf(number))));
        var projector = system.Silo.Services.GetRequiredService<Projector>();
        Assert.True(await projector.WaitUntilNowAsync(PaymentList, Patience));
        var sum = await projector.ChecksumAsync(PaymentList);
        var list = await ReadAllAsync(shop);
        Assert.Equal(300, list.Count(character => character == '\n'));

        // Otherwise two empty lists would do.
        await shop.PayAsync();
        Assert.True(await projector.WaitUntilNowAsync(PaymentList, Patience));
        var more = await projector.ChecksumAsync(PaymentList);
        Assert.NotEqual(sum, more);

        Assert.True(await projector.RebuildAsync(PaymentList, Patience));
        Assert.Equal(more, await projector.ChecksumAsync(PaymentList));
        Assert.EndsWith(list, await ReadAllAsync(shop), StringComparison.Ordinal);
    }

    private static System.Text.Json.Nodes.JsonObject BodyOf(int number)
    {
        var card = (number % 5) switch { 0 => "4000000000000002", 1 => "5555555555554444", _ => Bodies.GoodCard };
        return Bodies.Payment(card, 100 + number, number % 7 == 0 ? "EUR" : "USD", string.Create(CultureInfo.InvariantCulture, $"order-{number}"));
    }

    // One payment to a line.
    private static async Task<string> ReadAllAsync(Shop shop)
    {
        var text = new System.Text.StringBuilder();
        var cursor = "";
        while (true)
        {
            var page = (await shop.Api.GetAsync("/payments?limit=100" + cursor)).Expect(HttpStatusCode.OK).Json;
            foreach (var payment in page["data"]!.AsArray()) text.Append(payment!.ToJsonString()).Append('\n');
            if (!(bool)page["has_more"]!) return text.ToString();
            cursor = "&starting_after=" + (string)page["data"]!.AsArray()[^1]!["id"]!;
        }
    }
}
