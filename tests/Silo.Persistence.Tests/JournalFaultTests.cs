using System.Collections.Concurrent;
using System.Globalization;
using OrleansPayments.Silo.Persistence.Tests.Infrastructure;

namespace OrleansPayments.Silo.Persistence.Tests;

[Collection(ClusterGroup.Name)]
public sealed class JournalFaultTests(ClusterFixture cluster)
{
    private const string Marked = """["CUT-HERE"]""";

    [Fact]
    public async Task A_connection_cut_before_the_server_has_the_statement_delays_the_append()
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        await using var proxy = new CuttingProxy(connectionString);
        await using var journal = await TestJournal.StartAsync(proxy.ConnectionString);
        await journal.AppendAsync("pay_1", 0);
        proxy.Arm(Cut.BeforeServer, "CUT-HERE");
        Assert.Equal(AppendStatus.Appended, (await journal.AppendAsync("pay_1", 1, Marked)).Status);
        await proxy.HasCut;
        Assert.Equal(2, (await journal.LoadAsync("pay_1")).Count);
        Assert.Equal(1, journal.Metrics.RecoveryCount);
        await JournalTests.AssertNoGapsAsync(connectionString);
    }

    [Fact]
    public async Task A_connection_cut_after_the_commit_still_brings_the_truth_to_each_caller()
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        await using var proxy = new CuttingProxy(connectionString);
        await using var journal = await TestJournal.StartAsync(proxy.ConnectionString, options => options.Writers = 1);
        await journal.AppendAsync("pay_stale", 0);
        proxy.Arm(Cut.BeforeClient, "CUT-HERE");
        // The first append makes a batch of its own; the others share the one that is cut.
        var appends = Enumerable.Range(0, 30).Select(i => journal.AppendAsync($"pay_{i}", 0, i == 0 ? "[]" : Marked)).ToList();
        var conflict = journal.AppendAsync("pay_stale", 0);
        var results = await Task.WhenAll(appends);
        Assert.All(results, result => Assert.Equal(AppendStatus.Appended, result.Status));
        Assert.Equal(AppendStatus.Conflict, (await conflict).Status);
        await proxy.HasCut;
        Assert.Equal(1, journal.Metrics.RecoveryCount);
        Assert.Equal(31L, await ClusterFixture.QueryAsync<long>(connectionString, "SELECT count(*) FROM payments.journal"));
        var loaded = await journal.Journal.LoadAsync("pay_7");
        Assert.Equal(results[7].RecordedAt, Assert.Single(loaded).RecordedAt);
        await JournalTests.AssertNoGapsAsync(connectionString);
    }

    [Fact]
    public async Task A_statement_that_arrives_after_the_recovery_writes_nothing()
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        await using var proxy = new CuttingProxy(connectionString);
        await using var journal = await TestJournal.StartAsync(proxy.ConnectionString);
        proxy.Arm(Cut.Zombie, "CUT-HERE");
        // Refused until now: the retry must not come before the zombie, nor the zombie be the one that succeeds.
        var append = journal.AppendAsync("pay_1", 0, Marked);
        await proxy.HasCut;
        Assert.Equal(AppendStatus.Appended, (await append).Status);
        Assert.Equal(AppendStatus.Appended, (await journal.AppendAsync("pay_1", 1, "[2]")).Status);
        var answer = await proxy.DeliverZombieAsync();
        Assert.EndsWith("I", answer, StringComparison.Ordinal);
        Assert.Equal([Marked, "[2]"], await journal.LoadAsync("pay_1"));
        Assert.Equal(AppendStatus.Appended, (await journal.AppendAsync("pay_1", 2, "[3]")).Status);
        await JournalTests.AssertNoGapsAsync(connectionString);
    }

    [Fact]
    public async Task A_late_statement_whose_version_would_fit_again_is_still_refused()
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        await using var proxy = new CuttingProxy(connectionString);
        await using var journal = await TestJournal.StartAsync(proxy.ConnectionString, options => options.RecoveryPatience = TimeSpan.FromMilliseconds(200));
        proxy.RefuseNew(true);
        proxy.Arm(Cut.Zombie, "CUT-HERE");
        var unknown = await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.AppendAsync("pay_1", 0, Marked));
        Assert.True(unknown.OutcomeUnknown);

        proxy.RefuseNew(false);
        await Waiting.UntilAsync(() => journal.Journal.Health.State == JournalState.Ready, "the journal recovers");
        // The caller was told "unknown" and reads "not there": that must stay true, though the entity is still at version 0.
        Assert.Empty(await journal.LoadAsync("pay_1"));
        await proxy.DeliverZombieAsync();
        Assert.Empty(await journal.LoadAsync("pay_1"));
        Assert.Equal(0L, await ClusterFixture.QueryAsync<long>(connectionString, "SELECT count(*) FROM payments.journal"));
    }

    [Fact]
    public async Task Past_the_patience_callers_hear_unknown_and_new_ones_are_refused_until_the_truth_is_known()
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        await using var proxy = new CuttingProxy(connectionString);
        await using var journal = await TestJournal.StartAsync(
            proxy.ConnectionString,
            options => (options.Writers, options.LoadConnections, options.RecoveryPatience) = (1, 1, TimeSpan.FromMilliseconds(300)));
        // Opens the loader's connection, which stays good: a load is refused because its answer might not last, not for want of a server.
        Assert.Empty(await journal.LoadAsync("pay_1"));
        proxy.RefuseNew(true);
        proxy.Arm(Cut.BeforeClient, "CUT-HERE");
        var inFlight = journal.AppendAsync("pay_1", 0, Marked);
        await proxy.HasCut;
        await Waiting.UntilAsync(() => journal.Journal.Health.State == JournalState.Recovering, "the writer recovers");
        var queued = journal.AppendAsync("pay_2", 0);
        Assert.False((await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.LoadAsync("pay_1"))).OutcomeUnknown);
        Assert.True((await Assert.ThrowsAsync<JournalUnavailableException>(() => inFlight)).OutcomeUnknown);
        Assert.False((await Assert.ThrowsAsync<JournalUnavailableException>(() => queued)).OutcomeUnknown);
        var refused = journal.AppendAsync("pay_3", 0);
        Assert.True(refused.IsFaulted);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => refused);

        proxy.RefuseNew(false);
        await Waiting.UntilAsync(() => journal.Journal.Health.State == JournalState.Ready, "the journal recovers");
        Assert.Equal([Marked], await journal.LoadAsync("pay_1"));
        Assert.Empty(await journal.LoadAsync("pay_2"));
        Assert.Equal(AppendStatus.Appended, (await journal.AppendAsync("pay_1", 1)).Status);
    }

    [Fact]
    public async Task A_second_silo_takes_the_shards_and_the_first_is_refused()
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        // Its watcher would notice in time; here the write itself must.
        await using var first = await TestJournal.StartAsync(connectionString, options => options.OwnershipPollInterval = TimeSpan.FromMinutes(1));
        await first.AppendAsync("pay_1", 0, "[1]");
        await using var second = await TestJournal.StartAsync(connectionString);
        var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(() => first.AppendAsync("pay_1", 1, "[2]"));
        Assert.False(refusal.OutcomeUnknown);
        await Waiting.UntilAsync(() => first.Journal.Health.State == JournalState.Fenced, "the first reports that it is fenced");
        await Assert.ThrowsAsync<JournalUnavailableException>(() => first.LoadAsync("pay_1"));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => first.AppendAsync("pay_other", 0));
        Assert.Equal(AppendStatus.Appended, (await second.AppendAsync("pay_1", 1, "[3]")).Status);
        Assert.Equal(["[1]", "[3]"], await second.LoadAsync("pay_1"));
    }

    [Fact]
    public async Task An_idle_silo_notices_that_it_was_replaced()
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        await using var first = await TestJournal.StartAsync(connectionString, options => options.OwnershipPollInterval = TimeSpan.FromMilliseconds(50));
        await using var second = await TestJournal.StartAsync(connectionString);
        await Waiting.UntilAsync(() => first.Journal.Health.State == JournalState.Fenced, "the watcher notices");
        Assert.Equal(JournalState.Ready, second.Journal.Health.State);
    }

    [Theory]
    [InlineData(Cut.BeforeClient)]
    [InlineData(Cut.BeforeServer)]
    public async Task A_silo_that_is_replaced_while_it_does_not_know_its_batchs_end_tells_the_truth(Cut cut)
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        await using var proxy = new CuttingProxy(connectionString);
        await using var first = await TestJournal.StartAsync(proxy.ConnectionString);
        proxy.RefuseNew(true);
        proxy.Arm(cut, "CUT-HERE");
        var append = first.AppendAsync("pay_1", 0, Marked);
        await proxy.HasCut;
        await using var second = await TestJournal.StartAsync(connectionString);
        // The new owner writes the very same content when the first one's is not there; it must not be taken for the first one's.
        if (cut == Cut.BeforeServer)
            await second.AppendAsync("pay_1", 0, Marked);
        proxy.RefuseNew(false);
        if (cut == Cut.BeforeClient)
            Assert.Equal(AppendStatus.Appended, (await append).Status);
        else
            Assert.False((await Assert.ThrowsAsync<JournalUnavailableException>(() => append)).OutcomeUnknown);
        await Waiting.UntilAsync(() => first.Journal.Health.State == JournalState.Fenced, "the first reports that it is fenced");
        Assert.Single(await second.LoadAsync("pay_1"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_acknowledged_append_is_lost_or_doubled_when_the_server_restarts_under_load(bool immediate)
    {
        var connectionString = await cluster.CreateDatabaseAsync();
        await using var journal = await TestJournal.StartAsync(connectionString, options => options.RecoveryPatience = TimeSpan.FromMilliseconds(150));
        using var stop = new CancellationTokenSource();
        var acknowledged = new ConcurrentDictionary<string, bool>();
        var unavailable = 0;
        var callers = Enumerable.Range(0, 32).Select(async caller =>
        {
            var entity = $"pay_{caller}";
            var version = 0;
            for (var n = 0; !stop.IsCancellationRequested; n++)
            {
                var id = string.Create(CultureInfo.InvariantCulture, $"{caller}-{n}");
                try
                {
                    var result = await journal.AppendAsync(entity, version, $"[\"{id}\"]");
                    Assert.Equal(AppendStatus.Appended, result.Status);
                    Assert.True(acknowledged.TryAdd(id, true));
                    version++;
                }
                catch (JournalUnavailableException)
                {
                    Interlocked.Increment(ref unavailable);
                    version = await LoadVersionAsync(journal, entity);
                }
            }
        }).ToList();

        for (var round = 0; round < 2; round++)
        {
            var before = acknowledged.Count;
            await Waiting.UntilAsync(() => acknowledged.Count > before + 200, "appends succeed");
            await cluster.Cluster.RestartAsync(immediate, CancellationToken.None);
        }

        var after = acknowledged.Count;
        await Waiting.UntilAsync(() => acknowledged.Count > after + 200, "appends succeed again");
        await stop.CancelAsync();
        await Task.WhenAll(callers);
        Assert.True(unavailable > 0, "Callers heard of the outage.");

        var stored = new List<string>();
        for (var caller = 0; caller < 32; caller++)
            stored.AddRange((await journal.LoadAsync($"pay_{caller}")).Select(events => events[2..^2]));
        Assert.Equal(stored.Count, stored.Distinct().Count());
        Assert.Empty(acknowledged.Keys.Except(stored));
        await JournalTests.AssertNoGapsAsync(connectionString);
    }

    private static async Task<int> LoadVersionAsync(TestJournal journal, string entity)
    {
        while (true)
        {
            try
            {
                return (await journal.LoadAsync(entity)).Count;
            }
            catch (JournalUnavailableException)
            {
                await Task.Delay(10);
            }
        }
    }
}
