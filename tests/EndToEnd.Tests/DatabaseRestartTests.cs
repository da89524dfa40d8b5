using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>PostgreSQL crashes and comes back under load.</summary>
public sealed class DatabaseRestartTests
{
    private const string Account = "restarted";
    private const int Buyers = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentBag<Order> _orders = [];
    private readonly ConcurrentBag<string> _wrongAnswers = [];
    private int _answered;
    private int _refused;
    private int _numbers;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Callers_are_asked_to_come_back_and_nothing_is_lost_or_charged_twice(bool immediate)
    {
        using var folder = new TemporaryFolder();
        await using var database = await OwnDatabase.StartAsync();
        await using var simulator = await Simulator.StartAsync();
        await using var silo = await SiloInProcess.StartAsync(folder.Path, null, database.Settings);
        using var shop = await Shop.OpenAsync(silo.Admin, simulator, Account);
        await simulator.SetLatencyAsync(Account, 20, 60);

        using (var stop = new CancellationTokenSource())
        {
            var load = Task.WhenAll([.. Enumerable.Range(0, Buyers).Select(_ => BuyAsync(shop, stop.Token)), ReadAsync(shop, stop.Token)]);
            await AnsweredAsync(100);
            await database.Cluster.RestartAsync(immediate, CancellationToken.None);
            await AnsweredAsync(_answered + 100);
            await stop.CancelAsync();
            await load;
        }

        Assert.Empty(_wrongAnswers);
        Assert.True(_refused > 0, "Nobody noticed the restart: the test proves nothing.");
        await Eventually.TrueAsync("a ready silo", Patience, async () => (await silo.Admin.GetAsync("/ready")).Status == HttpStatusCode.OK);
        foreach (var order in _orders.Where(order => order.Answer is null))
        {
            order.Answer = (await shop.Api.PostAsync("/payments", order.Body, order.Key)).Expect(HttpStatusCode.Created).Json;
        }

        await CompareBooksAsync(shop, simulator);
    }

    private Task AnsweredAsync(int count) => Eventually.TrueAsync("answered orders", Patience, () => Task.FromResult(Volatile.Read(ref _answered) >= count));

    private async Task BuyAsync(Shop shop, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var number = Interlocked.Increment(ref _numbers);
            var key = string.Create(CultureInfo.InvariantCulture, $"order-{number}");
            var order = new Order(key, Bodies.Payment(amount: 100 + number, orderId: key));
            _orders.Add(order);
            var answer = await shop.Api.PostAsync("/payments", order.Body, key, CancellationToken.None);
            if (answer.Status == HttpStatusCode.Created)
            {
                order.Answer = answer.Json;
                Interlocked.Increment(ref _answered);
            }
            else
            {
                await TakeRefusalAsync(answer);
            }
        }
    }

    // Lists and single payments, while they are made.
    private async Task ReadAsync(Shop shop, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var list = await shop.Api.GetAsync("/payments?limit=5");
            if (list.Status != HttpStatusCode.OK) await TakeRefusalAsync(list);
            if (_orders.FirstOrDefault(order => order.Answer is not null) is not { Answer: { } known }) continue;
            var read = await shop.Api.GetAsync("/payments/" + (string)known["id"]!);
            if (read.Status != HttpStatusCode.OK) await TakeRefusalAsync(read);
            else if ((string)known["status"]! == "captured" && !JsonNode.DeepEquals(known, read.Json)) _wrongAnswers.Add($"{known.ToJsonString()} became {read.Text}");
        }
    }

    private async Task TakeRefusalAsync(ApiAnswer answer)
    {
        var proper = answer.Status == HttpStatusCode.ServiceUnavailable
            && (string?)answer["code"] is "temporarily_unavailable" or "overloaded"
            && answer.RetryAfter > TimeSpan.Zero;
        if (!proper) _wrongAnswers.Add($"{(int)answer.Status}: {answer.Text}");
        Interlocked.Increment(ref _refused);

        // Shorter than Retry-After asks, so that the outage is well covered, and yet no spinning.
        await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
    }

    private async Task CompareBooksAsync(Shop shop, Simulator simulator)
    {
        var charges = (await simulator.ChargesAsync(Account)).ToLookup(charge => (string)charge["payment_id"]!, StringComparer.Ordinal);
        Assert.Equal(_orders.Count, charges.Count);
        Assert.Equal(_orders.Count, _orders.Select(order => (string)order.Answer!["id"]!).Distinct(StringComparer.Ordinal).Count());
        foreach (var order in _orders)
        {
            var answer = order.Answer!;
            var payment = await shop.OutcomeAsync((string)answer["id"]!, Patience);
            Assert.Equal("captured", (string)payment["status"]!);
            if ((string)answer["status"]! == "captured") JsonAssert.Same(answer, payment);
            var charge = Assert.Single(charges[(string)answer["id"]!]);
            Assert.Equal((int)order.Body["amount"]!, (int)charge["amount_captured"]!);
        }
    }

    private sealed class Order(string key, JsonObject body)
    {
        public string Key { get; } = key;

        public JsonObject Body { get; } = body;

        /// <summary>Null while nobody has acknowledged it.</summary>
        public JsonObject? Answer { get; set; }
    }
}
