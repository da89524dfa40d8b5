using Microsoft.Extensions.Logging.Abstractions;
using OrleansPayments.Silo.Api.Payments;
using OrleansPayments.Silo.Persistence.PaymentList;
using OrleansPayments.Silo.Persistence.Projections;
using OrleansPayments.Silo.Persistence.Tests.Infrastructure;

namespace OrleansPayments.Silo.Persistence.Tests;

/// <summary>Which payments of the list are woken, and which wait for a person.</summary>
[Collection(ClusterGroup.Name)]
public sealed class DuePaymentTests(ClusterFixture cluster)
{
    private const string MerchantA = "mer_0000000000000000000000000a";
    private const string MerchantB = "mer_0000000000000000000000000b";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Payments_that_are_processing_or_whose_time_is_over_are_woken()
    {
        await using var list = await FollowedList.StartAsync(cluster);
        var first = await list.PaymentAsync(1, Created(MerchantA), Started);
        await list.PaymentAsync(2, Created(MerchantA), Started, Approved);
        await list.PaymentAsync(3, Created(MerchantA), Started, WorkItem);
        var second = await list.PaymentAsync(4, Created(MerchantA), Started);
        var late = await list.PaymentAsync(5, Created(MerchantA, "\"2030-01-02T00:00:00Z\""));
        var later = await list.PaymentAsync(6, Created(MerchantA), Started, Acting("2030-01-03T00:00:00Z"));
        await list.CatchUpAsync();

        var now = DateTimeOffset.UtcNow.AddSeconds(10);
        Assert.Equal([first, second], await list.DueAsync(DateTimeOffset.MinValue, "", 10, now));
        Assert.Equal([first], await list.DueAsync(DateTimeOffset.MinValue, "", 1, now));
        var at = await ClusterFixture.QueryAsync<DateTime>(list.ConnectionString, $"SELECT due_at FROM payments.payment_list WHERE id = '{first}'");
        Assert.Equal([second], await list.DueAsync(at, first, 10, now));
        Assert.Equal([first, second], await list.DueAsync(at, "", 10, now));
        Assert.Equal([first, second, late], await list.DueAsync(DateTimeOffset.MinValue, "", 10, new DateTimeOffset(2030, 1, 2, 0, 0, 1, TimeSpan.Zero)));
        Assert.Equal([first, second, late, later], await list.DueAsync(DateTimeOffset.MinValue, "", 10));
    }

    [Fact]
    public async Task The_look_for_them_reads_none_of_those_that_have_ended()
    {
        await using var list = await FollowedList.StartAsync(cluster);
        await list.PaymentAsync(1, Created(MerchantA), Started);
        await list.CatchUpAsync();
        var query = PostgresDuePayments.Query.Replace("$1", "'2020-01-01'", StringComparison.Ordinal).Replace("$2", "''", StringComparison.Ordinal)
            .Replace("$3", "now()", StringComparison.Ordinal).Replace("$4", "10", StringComparison.Ordinal);
        await using var connection = new NpgsqlConnection(list.ConnectionString);
        await connection.OpenAsync();
#pragma warning disable CA2100 // The query is a constant.
        await using var command = new NpgsqlCommand("SET enable_seqscan = off; EXPLAIN " + query, connection);
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await reader.ReadAsync()) plan.Add(reader.GetString(0));
        var text = string.Join('\n', plan);
        Assert.Contains("payment_list_due", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Filter", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Sort", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_work_list_has_what_waits_for_a_person_newest_first_in_pages()
    {
        await using var list = await FollowedList.StartAsync(cluster);
        var ids = new List<string>();
        for (var number = 1; number <= 5; number++)
        {
            ids.Add(await list.PaymentAsync(number, Created(number == 5 ? MerchantB : MerchantA), Started));
            await list.CatchUpAsync();
        }

        foreach (var id in ids[1..]) await list.SetAsync(id, $"work_item_reason = '{(id == ids[1] ? "charge_after_end" : "outcome_unknown")}', work_item_since = now()");

        var all = await list.WorkAsync(new WorkListQuery(null, null, 10, null));
        Assert.Equal([ids[4], ids[3], ids[2], ids[1]], Ids(all));
        Assert.False(all.HasMore);
        Assert.Equal([ids[3], ids[2], ids[1]], Ids(await list.WorkAsync(new WorkListQuery(MerchantId.Parse(MerchantA), null, 10, null))));
        Assert.Equal([ids[1]], Ids(await list.WorkAsync(new WorkListQuery(null, "charge_after_end", 10, null))));

        var first = await list.WorkAsync(new WorkListQuery(null, null, 2, null));
        Assert.Equal([ids[4], ids[3]], Ids(first));
        Assert.True(first.HasMore);
        var newest = first.Payments[0];
        Assert.Equal([ids[3], ids[2]], Ids(await list.WorkAsync(new WorkListQuery(null, null, 2, new PaymentCursor(newest.Id, newest.CreatedAt)))));
        await list.SetAsync(ids[3], "work_item_reason = NULL, work_item_since = NULL");
        var last = first.Payments[^1];
        var second = await list.WorkAsync(new WorkListQuery(null, null, 2, new PaymentCursor(last.Id, last.CreatedAt)));
        Assert.Equal([ids[2], ids[1]], Ids(second));
        Assert.False(second.HasMore);

        static List<string> Ids(PaymentPage page) => [.. page.Payments.Select(payment => payment.Id.Value)];
    }

    [Fact]
    public async Task What_was_written_before_the_list_was_asked_for_is_in_it()
    {
        await using var list = await FollowedList.StartAsync(cluster);
        for (var number = 1; number <= 9; number++)
        {
            var id = await list.PaymentAsync(number, Created(MerchantA), Started);
            await list.WorkAsync(new WorkListQuery(null, null, 1, null));
            Assert.Equal(1L, await ClusterFixture.QueryAsync<long>(list.ConnectionString, $"SELECT count(*) FROM payments.payment_list WHERE id = '{id}'"));
        }
    }

    private const string Started = """{"type":"attempt.started","attempt":1,"connector":"card-a"}""";

    private const string Approved = """{"type":"attempt.approved","attempt":1,"connector_reference":"pi_1","amount_captured":[1099,"USD"]}""";

    private const string WorkItem = """{"type":"work_item.opened","reason":"outcome_unknown"}""";

    private static string Acting(string until) =>
        $$$"""
        {"type":"attempt.action_required","attempt":1,"connector_reference":"pi_1","action":{"type":"redirect","url":"https://bank.example/"},"expires_at":"{{{until}}}"}
        """;

    private static string Created(string merchant, string confirmBefore = "null") =>
        $$"""
        {"type":"payment.created","merchant_id":"{{merchant}}","amount":[1099,"USD"],"card":{"brand":"visa","bin":"424242","last4":"4242","expiry_month":12,"expiry_year":2030},"metadata":{},"confirm_before":{{confirmBefore}},"request_fingerprint":"f"}
        """;

    /// <summary>A payments list that follows a journal.</summary>
    private sealed class FollowedList : IAsyncDisposable
    {
        private readonly PaymentsDatabase _database = new();
        private readonly TestJournal _journal;
        private readonly Projector _projector;

        private FollowedList(string connectionString, TestJournal journal)
        {
            ConnectionString = connectionString;
            _journal = journal;
            _database.Open(connectionString);
            _projector = new Projector(
                journal.Journal, [new PaymentListProjection()], new ProjectorOptions { PollInterval = TimeSpan.FromMilliseconds(50) }, TimeProvider.System,
                NullLogger<Projector>.Instance);
        }

        public string ConnectionString { get; }

        public static async Task<FollowedList> StartAsync(ClusterFixture cluster)
        {
            var connectionString = await cluster.CreateDatabaseAsync();
            var list = new FollowedList(connectionString, await TestJournal.StartAsync(connectionString));
            await list._projector.StartAsync(list._database.Source, CancellationToken.None);
            return list;
        }

        public async ValueTask DisposeAsync()
        {
            await _projector.DisposeAsync();
            await _journal.DisposeAsync();
            await _database.DisposeAsync();
        }

        // Numbered so that the order of their ids is the order of their creation, should two have the same moment.
        public async Task<string> PaymentAsync(int number, params string[] events)
        {
            var id = $"pay_{new string('0', 25)}{number}";
            Assert.Equal(AppendStatus.Appended, (await _journal.AppendAsync(id, 0, $"[{string.Join(',', events)}]")).Status);
            return id;
        }

        public async Task CatchUpAsync() => Assert.True(await _projector.WaitUntilNowAsync(PaymentListProjection.ProjectionName, Patience));

        public Task SetAsync(string id, string columns) => ClusterFixture.ExecuteAsync(ConnectionString, $"UPDATE payments.payment_list SET {columns} WHERE id = '{id}'");

        public async Task<List<string>> DueAsync(DateTimeOffset after, string idAfter, int limit, DateTimeOffset? before = null)
        {
            var due = await new PostgresDuePayments(_database).ReadAsync(after, idAfter, before ?? DateTimeOffset.MaxValue, limit, CancellationToken.None);
            return [.. due.Select(payment => payment.Id.Value)];
        }

        public Task<PaymentPage> WorkAsync(WorkListQuery query) => new PostgresWorkList(_database, _projector).ListAsync(query, CancellationToken.None);
    }
}
