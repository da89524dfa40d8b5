using System.Text;
using OrleansPayments.Silo.Persistence.Tests.Infrastructure;

namespace OrleansPayments.Silo.Persistence.Tests;

[Collection(ClusterGroup.Name)]
public sealed class JournalTests(ClusterFixture cluster)
{
    [Fact]
    public async Task What_was_appended_is_loaded_to_the_letter()
    {
        await using var journal = await TestJournal.StartAsync(await cluster.CreateDatabaseAsync());
        const string events = """[ {"b":1,"a":"ä€😀\u0000", "b":2} ]""";
        var first = await journal.AppendAsync("pay_1", 0, events);
        var second = await journal.AppendAsync("pay_1", 1, "[]");
        Assert.Equal(AppendStatus.Appended, first.Status);
        Assert.Equal(AppendStatus.Appended, second.Status);
        var entries = await journal.Journal.LoadAsync("pay_1");
        Assert.Equal([1, 2], entries.Select(entry => entry.Version));
        Assert.Equal([first.RecordedAt, second.RecordedAt], entries.Select(entry => entry.RecordedAt));
        Assert.Equal(events, Encoding.UTF8.GetString(entries[0].Events.Span));
        Assert.Empty(await journal.Journal.LoadAsync("pay_2"));
    }

    [Fact]
    public async Task The_last_entries_are_loaded_in_their_order_also_beside_loads_of_all()
    {
        await using var journal = await TestJournal.StartAsync(await cluster.CreateDatabaseAsync());
        for (var version = 0; version < 7; version++) await journal.AppendAsync("connector/a/circuit", version, $"[{version + 1}]");
        await journal.AppendAsync("pay_1", 0);

        Assert.Equal("5 [5], 6 [6], 7 [7]", Told(await journal.Journal.LoadLastAsync("connector/a/circuit", 3)));
        Assert.Equal(7, (await journal.Journal.LoadLastAsync("connector/a/circuit", 50)).Count);
        Assert.Empty(await journal.Journal.LoadLastAsync("connector/b/circuit", 3));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await journal.Journal.LoadLastAsync("connector/a/circuit", 0));

        // Of one entity both at once, so that a batch holds both kinds.
        var loads = await Task.WhenAll(Enumerable.Range(0, 40).Select(n => n % 2 == 0
            ? journal.Journal.LoadLastAsync("connector/a/circuit", 1).AsTask()
            : journal.Journal.LoadAsync(n % 4 == 1 ? "connector/a/circuit" : "pay_1").AsTask()));
        for (var n = 0; n < loads.Length; n++) Assert.Equal(n % 2 == 0 ? 1 : n % 4 == 1 ? 7 : 1, loads[n].Count);
        Assert.All(loads.Where((_, n) => n % 2 == 0), last => Assert.Equal("7 [7]", Told(last)));

        static string Told(IReadOnlyList<Grains.Shared.Journal.JournalEntry> entries) =>
            string.Join(", ", entries.Select(entry => $"{entry.Version} {Encoding.UTF8.GetString(entry.Events.Span)}"));
    }

    [Fact]
    public async Task Versions_and_positions_have_no_gaps_under_concurrency()
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        await using var journal = await TestJournal.StartAsync(connectionString);
        const int entities = 200, versions = 10;
        await Task.WhenAll(Enumerable.Range(0, entities).Select(async e =>
        {
            for (var version = 0; version < versions; version++)
                Assert.Equal(AppendStatus.Appended, (await journal.AppendAsync($"pay_{e}", version)).Status);
        }));

        Assert.Equal((long)entities * versions, await ClusterFixture.QueryAsync<long>(connectionString, "SELECT count(*) FROM payments.journal"));
        await AssertNoGapsAsync(connectionString);
        Assert.InRange(journal.Metrics.CommitCount, 1, entities * versions / 4);
        for (var shard = 0; shard < 64; shard++)
            Assert.Equal(
                journal.Journal.HeadOf(shard),
                await ClusterFixture.QueryAsync<long>(connectionString, $"SELECT head FROM payments.shard WHERE id = {shard}"));
    }

    [Fact]
    public async Task A_conflict_fails_alone_and_leaves_no_gap()
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        await using var journal = await TestJournal.StartAsync(connectionString, options => options.Writers = 1);
        await journal.AppendAsync("pay_0", 0);
        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => journal.AppendAsync($"pay_{i}", i % 3 == 0 ? 7 : 0)));
        for (var i = 0; i < results.Length; i++)
            Assert.Equal(i % 3 == 0 ? AppendStatus.Conflict : AppendStatus.Appended, results[i].Status);
        await AssertNoGapsAsync(connectionString);
    }

    [Fact]
    public async Task Of_many_appends_of_one_version_exactly_one_wins()
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        await using var journal = await TestJournal.StartAsync(connectionString);
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => journal.AppendAsync("pay_1", 0)));
        Assert.Single(results, result => result.Status == AppendStatus.Appended);
        Assert.Equal(19, results.Count(result => result.Status == AppendStatus.Conflict));
    }

    [Theory]
    [InlineData("not json", "pay_bad")]
    [InlineData("[\"\u0000\"]", "pay_bad")]
    [InlineData("[]", "pay_\0")]
    [InlineData("[]", "pay_<lone surrogate>")]
    [InlineData("[]", "")]
    public async Task Data_that_cannot_be_stored_is_rejected_alone(string events, string entity)
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        await using var journal = await TestJournal.StartAsync(connectionString, options => options.Writers = 1);
        var good = Enumerable.Range(0, 150).Select(i => journal.AppendAsync($"pay_{i}", 0)).ToList();
        // An attribute cannot hold such a character.
        var bad = journal.AppendAsync(entity.Replace("<lone surrogate>", "\ud800", StringComparison.Ordinal), 0, events);
        var more = Enumerable.Range(150, 150).Select(i => journal.AppendAsync($"pay_{i}", 0)).ToList();
        Assert.Equal(AppendStatus.Rejected, (await bad).Status);
        Assert.All(await Task.WhenAll(good.Concat(more)), result => Assert.Equal(AppendStatus.Appended, result.Status));
        await AssertNoGapsAsync(connectionString);
        Assert.Equal(0, journal.Metrics.RecoveryCount);
    }

    [Fact]
    public async Task Too_many_bytes_and_broken_text_are_rejected()
    {
        await using var journal = await TestJournal.StartAsync(await cluster.CreateDatabaseAsync());
        var large = Encoding.UTF8.GetBytes($"[\"{new string('x', PostgresJournal.MaxEventBytes)}\"]");
        Assert.Equal(AppendStatus.Rejected, (await journal.Journal.AppendAsync(new JournalAppend("pay_1", 0, large))).Status);
        byte[] broken = [(byte)'[', (byte)'"', 0xC3, 0x28, (byte)'"', (byte)']'];
        Assert.Equal(AppendStatus.Rejected, (await journal.Journal.AppendAsync(new JournalAppend("pay_1", 0, broken))).Status);
        Assert.Equal(AppendStatus.Appended, (await journal.AppendAsync("pay_1", 0)).Status);
    }

    [Fact]
    public async Task A_full_queue_refuses_at_once()
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        await using var journal = await TestJournal.StartAsync(connectionString, options => (options.Writers, options.MaxQueue) = (1, 10));
        await using var blocker = new NpgsqlConnection(connectionString);
        await blocker.OpenAsync();
        await using var hold = await blocker.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("SELECT FROM payments.shard FOR UPDATE", blocker))
            await command.ExecuteNonQueryAsync();

        var first = journal.AppendAsync("pay_first", 0);
        await Waiting.UntilAsync(() => journal.Journal.Health.QueuedAppends == 0, "the first batch is in flight");
        var waiting = Enumerable.Range(0, 10).Select(i => journal.AppendAsync($"pay_{i}", 0)).ToList();
        var refused = journal.AppendAsync("pay_late", 0);
        Assert.True(refused.IsFaulted);
        Assert.False((await Assert.ThrowsAsync<JournalUnavailableException>(() => refused)).OutcomeUnknown);
        Assert.False(first.IsCompleted);

        await hold.RollbackAsync();
        Assert.All(await Task.WhenAll([first, .. waiting]), result => Assert.Equal(AppendStatus.Appended, result.Status));
    }

    [Fact]
    public async Task Loads_are_batched_and_a_poisoned_name_fails_only_itself()
    {
        await using var journal = await TestJournal.StartAsync(await cluster.CreateDatabaseAsync());
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => journal.AppendAsync($"pay_{i}", 0, $"[{i}]")));
        var good = Enumerable.Range(0, 300).Select(i => journal.LoadAsync($"pay_{i}")).ToList();
        await Assert.ThrowsAsync<ArgumentException>(() => journal.LoadAsync("pay_\0"));
        await Assert.ThrowsAsync<ArgumentException>(() => journal.LoadAsync("pay_\udc00"));
        var loaded = await Task.WhenAll(good);
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"[{i}]"), loaded.Select(entries => Assert.Single(entries)));
    }

    [Fact]
    public async Task The_recorded_moment_never_decreases_when_the_clock_jumps_back()
    {
        var clock = new SteppingClock(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(1234567));
        await using var journal = await TestJournal.StartAsync(await cluster.CreateDatabaseAsync(), time: clock);
        var first = await journal.AppendAsync("pay_1", 0);
        Assert.Equal(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(1234560), first.RecordedAt);
        clock.Now -= TimeSpan.FromHours(1);
        Assert.Equal(first.RecordedAt, (await journal.AppendAsync("pay_1", 1)).RecordedAt);
        clock.Now += TimeSpan.FromHours(2);
        Assert.Equal(first.RecordedAt.AddHours(1), (await journal.AppendAsync("pay_1", 2)).RecordedAt);
    }

    [Fact]
    public async Task Another_number_of_shards_is_refused()
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        await using (await TestJournal.StartAsync(connectionString, options => options.Shards = 16))
        {
        }

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => TestJournal.StartAsync(connectionString));
        Assert.Contains("16 shards", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE payments.journal SET version = 9")]
    [InlineData("DELETE FROM payments.journal")]
    [InlineData("TRUNCATE payments.journal")]
    public async Task The_journal_refuses_every_change(string change)
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        await using var journal = await TestJournal.StartAsync(connectionString);
        await journal.AppendAsync("pay_1", 0);
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => ClusterFixture.ExecuteAsync(connectionString, change));
        Assert.Equal("42501", refusal.SqlState);
    }

    [Fact]
    public async Task Stopping_commits_what_waits_and_refuses_the_rest()
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        await using var journal = await TestJournal.StartAsync(connectionString);
        var waiting = Enumerable.Range(0, 1000).Select(i => journal.AppendAsync($"pay_{i}", 0)).ToList();
        await journal.Journal.StopAsync();
        Assert.All(await Task.WhenAll(waiting), result => Assert.Equal(AppendStatus.Appended, result.Status));
        Assert.Equal(1000L, await ClusterFixture.QueryAsync<long>(connectionString, "SELECT count(*) FROM payments.journal"));
        Assert.False((await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.AppendAsync("pay_x", 0))).OutcomeUnknown);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.LoadAsync("pay_0"));
    }

    internal static async Task AssertNoGapsAsync(string connectionString)
    {
        const string gaps = """
            WITH j AS (
                SELECT position <> row_number() OVER in_shard OR recorded_at < lag(recorded_at) OVER in_shard
                       OR version <> row_number() OVER (PARTITION BY entity ORDER BY version) AS bad
                FROM payments.journal WINDOW in_shard AS (PARTITION BY shard ORDER BY position)
            )
            SELECT (SELECT count(*) FROM j WHERE bad)
                 + (SELECT count(*) FROM payments.shard s WHERE head <> (SELECT count(*) FROM payments.journal j WHERE j.shard = s.id))
            """;
        Assert.Equal(0L, await ClusterFixture.QueryAsync<long>(connectionString, gaps));
    }
}
