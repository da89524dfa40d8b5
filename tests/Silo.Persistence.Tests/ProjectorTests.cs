using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansPayments.Silo.Persistence.Projections;
using OrleansPayments.Silo.Persistence.Tests.Infrastructure;

namespace OrleansPayments.Silo.Persistence.Tests;

[Collection(ClusterGroup.Name)]
public sealed class ProjectorTests(ClusterFixture cluster)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Every_row_is_applied_once_and_a_list_can_wait_for_its_writer()
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        await using var journal = await TestJournal.StartAsync(connectionString);
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var projector = await StartAsync(journal, database, new Totals());
        for (var version = 0; version < 5; version++)
        {
            await Task.WhenAll(Enumerable.Range(0, 100).Select(i => journal.AppendAsync($"pay_{i}", version, """[{"amount":3}]""")));
            await journal.AppendAsync($"mer_{version}", 0, """["not for this projection"]""");
        }

        Assert.True(await projector.WaitUntilAsync("totals", "pay_7", Patience));
        Assert.Equal(15L, await TotalAsync(connectionString, "WHERE entity = 'pay_7'"));
        Assert.True(await projector.WaitUntilNowAsync("totals", Patience));
        Assert.Equal(1500L, await TotalAsync(connectionString));
        var status = Assert.Single(projector.Statuses);
        Assert.Equal(new ProjectionStatus("totals", ProjectionState.Running, null, 0), status);
    }

    [Fact]
    public async Task A_start_catches_up_with_what_was_missed()
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        await using var journal = await TestJournal.StartAsync(connectionString);
        await using var database = NpgsqlDataSource.Create(connectionString);
        await Task.WhenAll(Enumerable.Range(0, 3000).Select(i => journal.AppendAsync($"pay_{i}", 0)));
        await using (var first = await StartAsync(journal, database, new Totals(), maxRows: 100))
            Assert.True(await first.WaitUntilNowAsync("totals", Patience));
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => journal.AppendAsync($"pay_{i}", 1)));
        await using var second = await StartAsync(journal, database, new Totals(), maxRows: 100);
        Assert.True(await second.WaitUntilNowAsync("totals", Patience));
        Assert.Equal(3500L, await TotalAsync(connectionString));
    }

    [Fact]
    public async Task A_crash_between_apply_and_commit_applies_nothing_twice()
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        await using var journal = await TestJournal.StartAsync(connectionString);
        await using var database = NpgsqlDataSource.Create(connectionString);
        var totals = new Totals { CrashesLeft = 3 };
        await using var projector = await StartAsync(journal, database, totals);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => journal.AppendAsync($"pay_{i}", 0)));
        Assert.True(await projector.WaitUntilNowAsync("totals", Patience));
        Assert.Equal(0, totals.CrashesLeft);
        Assert.Equal(200L, await TotalAsync(connectionString));
    }

    [Fact]
    public async Task A_commit_whose_answer_is_lost_applies_nothing_twice()
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        await using var proxy = new CuttingProxy(connectionString);
        await using var journal = await TestJournal.StartAsync(connectionString);
        await using var database = NpgsqlDataSource.Create(proxy.ConnectionString);
        await using var projector = await StartAsync(journal, database, new Totals());
        proxy.Arm(Cut.BeforeClient, "COMMIT");
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => journal.AppendAsync($"pay_{i}", 0)));
        await proxy.HasCut.WaitAsync(Patience);
        Assert.True(await projector.WaitUntilNowAsync("totals", Patience));
        Assert.Equal(200L, await TotalAsync(connectionString));
    }

    [Fact]
    public async Task A_row_that_cannot_be_applied_stops_the_projection_right_before_it_and_nothing_else()
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        await using var journal = await TestJournal.StartAsync(connectionString);
        await using var database = NpgsqlDataSource.Create(connectionString);
        var good = new Totals { Name = "good", Lenient = true };
        await using var projector = await StartAsync(journal, database, new Totals(), second: good);
        await journal.AppendAsync("pay_1", 0);
        await journal.AppendAsync("pay_1", 1, """[{"amount":"three"}]""");
        await journal.AppendAsync("pay_1", 2);
        await Waiting.UntilAsync(() => projector.Statuses[0].State == ProjectionState.Stopped, "the projection stops");
        Assert.Contains("version 2 of pay_1", projector.Statuses[0].Reason, StringComparison.Ordinal);
        Assert.False(await projector.WaitUntilNowAsync("totals", Patience));
        Assert.True(await projector.WaitUntilNowAsync("good", Patience));
        await journal.AppendAsync("pay_2", 0);
        Assert.True(await projector.WaitUntilNowAsync("good", Patience));
        // Only the row before the bad one is there; it is not skipped for the sake of the third.
        Assert.Equal(1L, await TotalAsync(connectionString, "WHERE entity = 'pay_1'"));
        Assert.Equal(ProjectionState.Running, projector.Statuses[1].State);
    }

    [Fact]
    public async Task A_rebuilt_projection_has_the_same_checksum()
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        await using var journal = await TestJournal.StartAsync(connectionString);
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var projector = await StartAsync(journal, database, new Totals(), maxRows: 100);
        for (var version = 0; version < 3; version++)
            await Task.WhenAll(Enumerable.Range(0, 300).Select(i => journal.AppendAsync($"pay_{i}", version)));
        Assert.True(await projector.WaitUntilNowAsync("totals", Patience));
        var before = await projector.ChecksumAsync("totals");
        await ClusterFixture.ExecuteAsync(connectionString, "UPDATE payments.test_totals SET total = 1 WHERE entity = 'pay_5'");
        Assert.NotEqual(before, await projector.ChecksumAsync("totals"));

        // Under load: what is appended meanwhile is in it too, once.
        var load = Task.WhenAll(Enumerable.Range(0, 300).Select(i => journal.AppendAsync($"pay_more_{i}", 0)));
        Assert.True(await projector.RebuildAsync("totals", Patience));
        await load;
        Assert.True(await projector.WaitUntilNowAsync("totals", Patience));
        Assert.Equal(1200L, await TotalAsync(connectionString));
        await ClusterFixture.ExecuteAsync(connectionString, "DELETE FROM payments.test_totals WHERE entity LIKE 'pay_more%'");
        Assert.Equal(before, await projector.ChecksumAsync("totals"));
    }

    [Theory]
    [InlineData("DROP TABLE payments.test_totals", 1)]
    [InlineData("UPDATE payments.test_totals SET total = 99", 2)]
    public async Task A_missing_table_or_a_new_schema_version_rebuilds(string damage, int schemaVersion)
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        await using var journal = await TestJournal.StartAsync(connectionString);
        await using var database = NpgsqlDataSource.Create(connectionString);
        await journal.AppendAsync("pay_1", 0);
        await using (var first = await StartAsync(journal, database, new Totals()))
            Assert.True(await first.WaitUntilNowAsync("totals", Patience));
        await ClusterFixture.ExecuteAsync(connectionString, damage);
        await using var second = await StartAsync(journal, database, new Totals { SchemaVersion = schemaVersion });
        Assert.True(await second.WaitUntilNowAsync("totals", Patience));
        Assert.Equal(1L, await TotalAsync(connectionString));
    }

    [Fact]
    public async Task Only_the_new_owners_projector_moves_the_checkpoint()
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var oldJournal = await TestJournal.StartAsync(connectionString, options => options.OwnershipPollInterval = TimeSpan.FromMinutes(1));
        await using var oldProjector = await StartAsync(oldJournal, database, new Totals());
        await oldJournal.AppendAsync("pay_1", 0);
        Assert.True(await oldProjector.WaitUntilNowAsync("totals", Patience));

        await using var newJournal = await TestJournal.StartAsync(connectionString);
        await using var newProjector = await StartAsync(newJournal, database, new Totals());
        for (var version = 1; version < 20; version++)
            await newJournal.AppendAsync("pay_1", version);
        Assert.True(await newProjector.WaitUntilNowAsync("totals", Patience));
        // The old one polls, sees the rows, and must not count them a second time.
        await Waiting.UntilAsync(() => oldProjector.Statuses[0].State == ProjectionState.Fenced || oldProjector.Statuses[0].Lag > 0, "the old one looks");
        await newJournal.AppendAsync("pay_1", 20);
        await Waiting.UntilAsync(() => oldProjector.Statuses[0].State == ProjectionState.Fenced, "the old one is fenced");
        Assert.True(await newProjector.WaitUntilNowAsync("totals", Patience));
        Assert.Equal(21L, await TotalAsync(connectionString));
    }

    [Fact]
    public async Task Projections_catch_up_after_the_server_restarted_under_load()
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        await using var journal = await TestJournal.StartAsync(connectionString, options => options.RecoveryPatience = TimeSpan.FromMinutes(1));
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var projector = await StartAsync(journal, database, new Totals());
        var load = Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            for (var version = 0; version < 50; version++)
                await journal.AppendAsync($"pay_{i}", version);
        }));
        await cluster.Cluster.RestartAsync(immediate: true, CancellationToken.None);
        await load;
        Assert.True(await projector.WaitUntilNowAsync("totals", Patience));
        Assert.Equal(1000L, await TotalAsync(connectionString));
    }

    private static async Task<Projector> StartAsync(
        TestJournal journal, NpgsqlDataSource database, IProjection projection, int maxRows = 2000, IProjection? second = null)
    {
        var options = new ProjectorOptions { MaxRows = maxRows, PollInterval = TimeSpan.FromMilliseconds(50), MaxBackOff = TimeSpan.FromMilliseconds(100) };
        IProjection[] projections = second is null ? [projection] : [projection, second];
        var projector = new Projector(journal.Journal, projections, options, TimeProvider.System, NullLogger<Projector>.Instance);
        await projector.StartAsync(database, CancellationToken.None);
        return projector;
    }

    private static async Task<long> TotalAsync(string connectionString, string where = "") =>
        (long)await ClusterFixture.QueryAsync<decimal>(connectionString, $"SELECT coalesce(sum(total), 0) FROM payments.test_totals {where}");

    /// <summary>Adds up the amounts of each payment: a row that is applied twice, or not at all, shows.</summary>
    private sealed class Totals : IProjection
    {
        public string Name { get; init; } = "totals";

        public int SchemaVersion { get; init; } = 1;

        /// <summary>Takes anything and stores it elsewhere.</summary>
        public bool Lenient { get; init; }

        /// <summary>How often to lose the connection after the rows were applied.</summary>
        public int CrashesLeft { get; set; }

        public IReadOnlyList<string> Tables => [$"payments.test_{Name}"];

        public string CreateTablesSql =>
            $"CREATE TABLE payments.test_{Name} (entity text COLLATE \"C\" PRIMARY KEY, total bigint NOT NULL, recorded_at timestamptz NOT NULL)";

        public string DropTablesSql => $"DROP TABLE IF EXISTS payments.test_{Name}";

        public string ContentQuery => $"SELECT * FROM payments.test_{Name} ORDER BY entity";

        public bool Concerns(string entity) => entity.StartsWith("pay_", StringComparison.Ordinal);

        public async ValueTask ApplyAsync(
            NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<JournalRow> rows, CancellationToken cancellation)
        {
            var changes = rows.GroupBy(row => row.Entity, StringComparer.Ordinal).ToList();
#pragma warning disable CA2100 // The name is this test's own.
            await using var upsert = new NpgsqlCommand(
                $"""
                INSERT INTO payments.test_{Name} AS t SELECT * FROM unnest($1, $2, $3)
                ON CONFLICT (entity) DO UPDATE SET total = t.total + excluded.total, recorded_at = excluded.recorded_at
                """,
                connection);
#pragma warning restore CA2100
            upsert.Parameters.Add(new() { Value = changes.Select(change => change.Key).ToArray() });
            upsert.Parameters.Add(new() { Value = changes.Select(change => change.Sum(AmountOf)).ToArray() });
            upsert.Parameters.Add(new() { Value = changes.Select(change => change.Last().RecordedAt.UtcDateTime).ToArray() });
            await upsert.ExecuteNonQueryAsync(cancellation);
            if (CrashesLeft > 0)
            {
                CrashesLeft--;
                await using var crash = new NpgsqlCommand("SELECT pg_terminate_backend(pg_backend_pid())", connection);
                await crash.ExecuteNonQueryAsync(cancellation);
            }
        }

        private long AmountOf(JournalRow row)
        {
            if (Lenient)
                return 1;
            using var events = JsonDocument.Parse(row.Events);
            var amount = events.RootElement[0].GetProperty("amount");
            return amount.ValueKind == JsonValueKind.Number
                ? amount.GetInt64()
                : throw new ProjectionStoppedException("An amount is a number.");
        }
    }
}
