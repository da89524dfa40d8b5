using System.Globalization;
using OrleansPayments.Grains.Routing.Replay;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Silo.Persistence.RoutingHistory;
using OrleansPayments.Silo.Persistence.Tests.Infrastructure;

namespace OrleansPayments.Silo.Persistence.Tests;

/// <summary>Past decisions, read from a real journal.</summary>
[Collection(ClusterGroup.Name)]
public sealed class RoutingHistoryTests(ClusterFixture cluster)
{
    private const string MerchantA = "mer_00000000000000000000000001";
    private const string MerchantB = "mer_00000000000000000000000002";
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task Each_decision_is_read_once_whatever_the_pages_are(int rows)
    {
        await using var journal = await HistoryJournal.StartAsync(cluster);
        for (var number = 0; number < 60; number++)
        {
            // Several share a moment.
            if (number % 4 == 0) journal.Clock.Now += TimeSpan.FromSeconds(1);
            await journal.PaymentAsync(number, MerchantA, amount: 100 + number);
        }

        var place = await journal.History.OpenAsync(Start, Start.AddDays(1));
        Assert.Equal(120, place.RowsLeft);
        var read = await journal.ReadAllAsync(place, null, rows);
        Assert.Equal(Enumerable.Range(0, 60).Select(number => (Id(number), 100L + number)), read.Select(Shown).Order());
    }

    [Fact]
    public async Task A_period_has_its_beginning_and_not_its_end()
    {
        await using var journal = await HistoryJournal.StartAsync(cluster);
        for (var number = 0; number < 30; number++)
        {
            journal.Clock.Now = Start.AddSeconds(number / 3);
            await journal.PaymentAsync(number, MerchantA);
        }

        Assert.Equal(Ids(6, 15), await ReadAsync(Start.AddSeconds(2), Start.AddSeconds(5)));
        Assert.Equal(Ids(6, 15), await ReadAsync(Start.AddSeconds(1).AddTicks(1), Start.AddSeconds(4).AddTicks(1)));
        Assert.Equal(Ids(0, 30), await ReadAsync(DateTimeOffset.UnixEpoch, Start.AddDays(1)));
        Assert.Empty(await ReadAsync(Start.AddSeconds(10), Start.AddDays(1)));
        Assert.Empty(await ReadAsync(DateTimeOffset.UnixEpoch, Start));

        async Task<List<string>> ReadAsync(DateTimeOffset from, DateTimeOffset until) =>
            [.. (await journal.ReadAllAsync(await journal.History.OpenAsync(from, until), null, 5)).Select(one => Shown(one).Id).Order(StringComparer.Ordinal)];

        static List<string> Ids(int from, int until) => [.. Enumerable.Range(from, until - from).Select(Id)];
    }

    [Fact]
    public async Task What_is_written_after_it_was_opened_is_not_in_it()
    {
        await using var journal = await HistoryJournal.StartAsync(cluster);
        for (var number = 0; number < 20; number++) await journal.PaymentAsync(number, MerchantA);
        var place = await journal.History.OpenAsync(Start, Start.AddDays(1));
        for (var number = 20; number < 40; number++) await journal.PaymentAsync(number, MerchantA);
        Assert.Equal(20, (await journal.ReadAllAsync(place, null, 3)).Count);
        Assert.Equal(40, (await journal.ReadAllAsync(await journal.History.OpenAsync(Start, Start.AddDays(1)), null, 3)).Count);
    }

    [Fact]
    public async Task Only_the_merchants_own_are_read()
    {
        await using var journal = await HistoryJournal.StartAsync(cluster);
        for (var number = 0; number < 20; number++) await journal.PaymentAsync(number, number % 3 == 0 ? MerchantB : MerchantA);
        await journal.HeldPaymentAsync(20, MerchantB, withOtherCard: false);
        await journal.HeldPaymentAsync(21, MerchantA, withOtherCard: false);
        var place = await journal.History.OpenAsync(Start, Start.AddDays(1));
        var read = await journal.ReadAllAsync(place, MerchantId.Parse(MerchantB), 9);
        Assert.Equal(8, read.Count);
        Assert.All(read, one => Assert.Equal(MerchantB, one.Request.MerchantId.Value));
        Assert.Equal(14, (await journal.ReadAllAsync(place, MerchantId.Parse(MerchantA), 9)).Count);
        Assert.Empty(await journal.ReadAllAsync(place, MerchantId.Parse("mer_00000000000000000000000003"), 9));
    }

    [Fact]
    public async Task A_payment_that_was_routed_later_is_read_with_what_it_was_created_and_confirmed_with()
    {
        await using var journal = await HistoryJournal.StartAsync(cluster);
        await journal.HeldPaymentAsync(1, MerchantA, withOtherCard: false);
        await journal.HeldPaymentAsync(2, MerchantA, withOtherCard: true);
        var read = await journal.ReadAllAsync(await journal.History.OpenAsync(Start, Start.AddDays(1)), null, 100);
        Assert.Equal(["424242 visa", "378282 amex"], read.OrderBy(one => one.Request.PaymentId.Value).Select(one => $"{one.Request.Bin} {one.Request.Network}"));
        Assert.All(read, one => Assert.Equal((1099L, "card-b", "v"), (one.Request.Amount.MinorUnits, one.Request.PreferredConnector, one.Request.Metadata!["k"])));
    }

    [Fact]
    public async Task A_text_that_looks_like_a_decision_is_none()
    {
        await using var journal = await HistoryJournal.StartAsync(cluster);
        await journal.PaymentAsync(1, MerchantA);
        await journal.AppendAsync(MerchantA, 0, """{"type":"merchant.created","name":"payment.route_chosen"}""");
        await journal.AppendAsync("routing", 0, """{"type":"routing.rules","rules":[{"metadata":{"payment.route_chosen":"payment.route_chosen"}}]}""");
        await journal.AppendAsync(Id(2), 0, """{"type":"payment.cancelled","reason":"payment.route_chosen"}""");
        await journal.PaymentAsync(3, MerchantA);
        var place = await journal.History.OpenAsync(Start, Start.AddDays(1));
        Assert.Equal(7, place.RowsLeft);
        foreach (var merchant in (MerchantId?[])[null, MerchantId.Parse(MerchantA)])
        {
            var read = await journal.ReadAllAsync(place, merchant, 2);
            Assert.Equal([Id(1), Id(3)], read.Select(one => Shown(one).Id).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task While_the_database_is_away_it_says_so()
    {
        await using var journal = await HistoryJournal.StartAsync(cluster);
        await using var away = new PaymentsDatabase();
        away.Open("Host=127.0.0.1;Port=1;Username=nobody;Timeout=2");
        var history = new PostgresRoutingHistory(away);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => history.OpenAsync(Start, Start.AddDays(1)));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => history.ReadAsync(new RoutingHistoryPlace([new RoutingHistorySpan(0, 0, 1)]), null, 1));
    }

    private static (string Id, long Amount) Shown(PastDecision past) => (past.Request.PaymentId.Value, past.Request.Amount.MinorUnits);

    private static string Id(int number) => "pay_" + number.ToString(CultureInfo.InvariantCulture).PadLeft(26, '0');

    private sealed class SettableClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Start;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class HistoryJournal : IAsyncDisposable
    {
        private readonly PaymentsDatabase _database = new();
        private readonly TestJournal _journal;

        private HistoryJournal(string connectionString, TestJournal journal, SettableClock clock)
        {
            _journal = journal;
            Clock = clock;
            _database.Open(connectionString);
            History = new PostgresRoutingHistory(_database);
        }

        public SettableClock Clock { get; }

        public PostgresRoutingHistory History { get; }

        public static async Task<HistoryJournal> StartAsync(ClusterFixture cluster)
        {
            var connectionString = await cluster.CreateDatabaseAsync();
            var clock = new SettableClock();
            return new HistoryJournal(connectionString, await TestJournal.StartAsync(connectionString, time: clock), clock);
        }

        /// <summary>Two entries, the first with the decision.</summary>
        public async Task PaymentAsync(int number, string merchant, long amount = 1099)
        {
            await AppendAsync(number, 0, Created(merchant, amount), Routed);
            await AppendAsync(number, 1, """{"type":"attempt.approved","attempt":1,"connector_reference":"pi_1","amount_captured":[1099,"USD"]}""");
        }

        /// <summary>The decision is in the second entry.</summary>
        public async Task HeldPaymentAsync(int number, string merchant, bool withOtherCard)
        {
            const string Other = ""","card":{"brand":"amex","bin":"378282","last4":"0005","expiry_month":1,"expiry_year":2031}""";
            await AppendAsync(number, 0, Created(merchant, 1099));
            await AppendAsync(number, 1, "{\"type\":\"payment.confirmed\"" + (withOtherCard ? Other : "") + "}", Routed);
        }

        public async Task AppendAsync(string entity, int version, params string[] events) =>
            Assert.Equal(AppendStatus.Appended, (await _journal.AppendAsync(entity, version, $"[{string.Join(',', events)}]")).Status);

        public async Task<List<PastDecision>> ReadAllAsync(RoutingHistoryPlace place, MerchantId? merchant, int rows)
        {
            var all = new List<PastDecision>();
            while (place.RowsLeft > 0)
            {
                var page = await History.ReadAsync(place, merchant, rows);
                Assert.InRange(place.RowsLeft - page.Next.RowsLeft, 1, rows);
                all.AddRange(page.Decisions);
                place = page.Next;
            }

            return all;
        }

        public async ValueTask DisposeAsync()
        {
            await _journal.DisposeAsync();
            await _database.DisposeAsync();
        }

        private const string Routed =
            """{"type":"payment.route_chosen","decision":{"decision_id":"dec_1","strategy":"priority","candidates":[{"connector":"card-a","eligible":true,"rank":1,"fee":62,"time":5.5,"risk":5.5,"success_rate":0.95,"priority":1}]}}""";

        private Task AppendAsync(int number, int version, params string[] events) => AppendAsync(Id(number), version, events);

        private static string Created(string merchant, long amount) =>
            $$"""
            {"type":"payment.created","merchant_id":"{{merchant}}","amount":[{{amount}},"USD"],"card":{"brand":"visa","bin":"424242","last4":"4242","expiry_month":12,"expiry_year":2030},"preferred_connector":"card-b","metadata":{"k":"v"},"request_fingerprint":"f"}
            """;
    }
}
