using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.Crash.Tests;

/// <summary>Merchants that pay without pause until the silo is gone.</summary>
internal sealed class Load(Shop shop, string name, int merchants, int mostOrders)
{
    private readonly ConcurrentBag<Order> _orders = [];
    private int _numbers;
    private int _answered;

    public IReadOnlyCollection<Order> Orders => _orders;

    /// <summary>How many orders were answered so far.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>Ends when every merchant has met a silo that is gone, or all orders are placed.</summary>
    public Task RunAsync() => Task.WhenAll(Enumerable.Range(0, merchants).Select(_ => BuyUntilRefusedAsync()));

    private async Task BuyUntilRefusedAsync()
    {
        int number;
        while ((number = Interlocked.Increment(ref _numbers)) <= mostOrders)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{name}-{number}");
            var order = new Order(key, Bodies.Payment(amount: 100 + number, orderId: key));
            _orders.Add(order);
            try
            {
                order.Answer = (await shop.Api.PostAsync("/payments", order.Body, order.Key)).Expect(HttpStatusCode.Created).Json;
                Interlocked.Increment(ref _answered);
            }
            catch (HttpRequestException)
            {
                // The silo is gone: this order is unacknowledged.
                return;
            }
        }
    }
}
