using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Routing;
using OrleansPayments.Simulation.World;

namespace OrleansPayments.Simulation;

/// <summary>Replays are jobs: whatever interrupts them they end, in their turn, with sums that count each decision once; on the real grains, in virtual time.</summary>
public sealed class RoutingReplayTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void They_run_in_the_order_of_their_requests_and_never_too_many_at_once(int atOnce)
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var stage = new ReplayStage((ulong)seed);
            (stage.Options.MaxRunning, stage.Options.MaxQueued) = (atOnce, 5 - atOnce);
            stage.Play(async () =>
            {
                for (var replay = 1; replay <= 5; replay++) Assert.True((await stage.Request(replay)).TryGet(out _, out _));
                Assert.Equal(RefusalCode.TooManyReplays, (await stage.Request(6)).Refusal!.Code);
                for (var replay = 1; replay <= 5; replay++) CheckWhole(await stage.End(replay));
            });
            Assert.Equal(atOnce, stage.MostAtOnce());

            // Those that run beside each other may begin in any order.
            if (atOnce == 1) Assert.Equal(Enumerable.Range(1, 5).Select(replay => ReplayStage.Id(replay).Value), stage.Started);
            else Assert.Equal(Enumerable.Range(1, 3).Select(replay => ReplayStage.Id(replay).Value).Order(), stage.Started.Take(3).Order());
            Assert.Empty(stage.Errors);
        }
    }

    [Fact]
    public void The_end_of_one_is_the_beginning_of_the_next_without_anybody_looking()
    {
        var stage = new ReplayStage(1);
        stage.Play(async () =>
        {
            await stage.Request(1);
            await stage.Request(2);
            await stage.Wait(60_000);
            CheckWhole(await stage.Get(1));
            CheckWhole(await stage.Get(2));
        });
    }

    [Fact]
    public void One_that_cannot_be_set_to_work_does_not_hold_up_the_others()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var stage = new ReplayStage((ulong)seed);
            stage.Play(async () =>
            {
                Assert.True((await stage.Request(1)).TryGet(out _, out _));
                stage.Silo.Crash();
                stage.StartSilo();
                stage.LoadFault = entity => entity == ReplayStage.Id(1).Value ? new InvalidDataException("Planted.") : null;

                // The request is answered though the queue's head is broken.
                Assert.True((await stage.Request(2)).TryGet(out _, out _));
                await stage.Wait(20);

                // The head can be read again, and waits for the one that was begun in its place.
                stage.LoadFault = _ => null;
                await stage.Wake();
                Assert.Equal(RoutingReplayStatus.Running, (await stage.Get(2)).Status);
                Assert.Equal(RoutingReplayStatus.Queued, (await stage.Get(1)).Status);
                CheckWhole(await stage.End(2));
                CheckWhole(await stage.End(1));
            });
            Assert.Equal(1, stage.MostAtOnce());
            Assert.Contains(stage.Errors, line => line.Contains("cannot be set to work", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void An_outage_is_waited_for_and_a_long_one_is_given_up()
    {
        var stage = new ReplayStage(1);
        stage.Options.PageRows = 1;
        stage.Play(async () =>
        {
            await stage.Request(1);
            await stage.Request(2);
            await stage.Wait(200);
            stage.HistoryFault = _ => new JournalUnavailableException("Planted.");
            await stage.Wait((stage.Options.GiveUpAfter - TimeSpan.FromSeconds(5)).TotalMilliseconds);
            Assert.Equal(RoutingReplayStatus.Running, (await stage.Get(1)).Status);
            stage.HistoryFault = _ => null;
            await stage.Wait(1_100);

            // A second outage is another one: its time begins anew.
            stage.HistoryFault = replay => replay == 1 ? new JournalUnavailableException("Planted.") : null;
            Assert.Equal(RoutingReplayStatus.Running, (await stage.Get(1)).Status);
            await stage.Wait((stage.Options.GiveUpAfter - TimeSpan.FromSeconds(5)).TotalMilliseconds);
            Assert.Equal(RoutingReplayStatus.Running, (await stage.Get(1)).Status);
            await stage.Wait(10_000);
            CheckFailed(await stage.Get(1), "history_unavailable");
            CheckWhole(await stage.End(2));
        });
        Assert.Empty(stage.Errors);
    }

    [Fact]
    public void After_an_outage_nothing_is_missing_and_nothing_is_counted_twice()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var stage = new ReplayStage((ulong)seed);
            stage.HistoryFault = _ => stage.Random.Chance(0.1) ? new JournalUnavailableException("Planted.") : null;
            stage.AppendFault = _ => stage.Random.Chance(0.1) ? new JournalUnavailableException("Planted.", outcomeUnknown: stage.Random.Chance(0.5)) : null;
            stage.Play(async () =>
            {
                while (true)
                {
                    try
                    {
                        if ((await stage.Request(1)).TryGet(out _, out _)) break;
                    }
                    catch (JournalUnavailableException)
                    {
                        await stage.Wait(100);
                    }
                }

                CheckWhole(await stage.End(1));
            });
            Assert.Empty(stage.Errors);
        }
    }

    [Fact]
    public void Killed_at_any_time_it_goes_on_from_where_it_recorded_to_be()
    {
        var again = 0;
        for (var seed = 1; seed <= 40; seed++)
        {
            var stage = new ReplayStage((ulong)seed);
            stage.Play(async () =>
            {
                await stage.Request(1);
                for (var life = 0; life < 3; life++)
                {
                    await stage.Wait(stage.Random.Next(300));
                    stage.Silo.Crash();
                    stage.StartSilo();
                    await stage.Wake();
                }

                CheckWhole(await stage.End(1));
            });
            Assert.Empty(stage.Errors);
            Assert.InRange(stage.Reads.Count, ReplayStage.Decisions / 10, (ReplayStage.Decisions / 10) + 200);
            again += stage.Reads.Count - (ReplayStage.Decisions / 10);
        }

        // A whole replay from the beginning three times would be far more than what lies between two records.
        Assert.InRange(again, 40, 40 * 3 * 40);
    }

    [Fact]
    public void Stopped_in_good_order_it_does_nothing_twice()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var stage = new ReplayStage((ulong)seed);
            stage.Options.RecordEvery = TimeSpan.FromMinutes(5);
            stage.Play(async () =>
            {
                await stage.Request(1);
                await stage.Wait(50 + stage.Random.Next(200));
                await stage.Silo.Stop();
                Assert.InRange(stage.Reads.Count, 5, 95);
                stage.StartSilo();
                await stage.Wake();
                CheckWhole(await stage.End(1));
            });
            Assert.Equal(Enumerable.Range(0, 100).Select(page => (1, page * 10L)), stage.Reads);
            Assert.Empty(stage.Errors);
        }
    }

    [Theory]
    [InlineData("history_unreadable", "data")]
    [InlineData("history_unreadable", "format")]
    [InlineData("sums_too_large", "overflow")]
    [InlineData("internal_error", "other")]
    public void What_would_be_the_same_the_next_time_ends_it_and_the_next_one_runs(string code, string what)
    {
        var stage = new ReplayStage(1);
        stage.Play(async () =>
        {
            await stage.Request(1);
            await stage.Request(2);
            stage.HistoryFault = replay => replay == 2 || stage.Reads.Count < 20 ? null : what switch
            {
                "data" => new InvalidDataException("Planted."),
                "format" => new FormatException("Planted."),
                "overflow" => new OverflowException("Planted."),
                _ => new InvalidOperationException("Planted."),
            };
            CheckFailed(await stage.End(1), code);
            CheckWhole(await stage.End(2));
        });
        Assert.Contains("cannot go on", Assert.Single(stage.Errors), StringComparison.Ordinal);
        Assert.Equal(20, stage.Reads.Count(read => read.Replay == 1));
    }

    [Fact]
    public void A_failure_that_could_not_be_recorded_is_no_success()
    {
        var stage = new ReplayStage(1);
        stage.Play(async () =>
        {
            await stage.Request(1);
            await stage.Wait(200);

            // In the middle of a page: half of it is in the sums.
            stage.BeforeDecision = (_, number) =>
            {
                if (number % 10 == 5) throw new InvalidDataException("Planted.");
            };
            stage.AppendFault = _ => new JournalUnavailableException("Planted.");
            await stage.Wait(3_000);
            Assert.Equal(RoutingReplayStatus.Running, (await stage.Get(1)).Status);
            stage.BeforeDecision = (_, _) => { };
            stage.AppendFault = _ => null;
            CheckWhole(await stage.End(1));
        });
    }

    [Fact]
    public void When_memory_ran_out_in_the_middle_of_a_page_none_of_it_is_counted_twice()
    {
        var stage = new ReplayStage(1);
        var thrown = 0;
        stage.Play(async () =>
        {
            await stage.Request(1);
            stage.BeforeDecision = (_, number) =>
            {
                if (number == 505 && thrown++ == 0) throw new InsufficientMemoryException("Planted.");
            };
            CheckWhole(await stage.End(1));
        });
        Assert.Equal(2, thrown);
    }

    [Fact]
    public void A_cancelled_one_reads_no_more_and_makes_room()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var stage = new ReplayStage((ulong)seed);
            stage.Play(async () =>
            {
                await stage.Request(1);
                await stage.Request(2);
                await stage.Wait(stage.Random.Next(300));
                var cancelled = await stage.Cancel(1);
                Assert.True(cancelled.TryGet(out var view, out _));
                Assert.Equal((RoutingReplayStatus.Cancelled, null), (view.Status, view.Figures));
                var reads = stage.Reads.Count(read => read.Replay == 1);
                await stage.Wait(30_000);
                Assert.Equal(reads, stage.Reads.Count(read => read.Replay == 1));
                Assert.Equal("replay.cancelled", stage.Committed.Last(one => one.Entity == ReplayStage.Id(1).Value).Kind);
                CheckWhole(await stage.Get(2));

                Assert.True((await stage.Cancel(1)).TryGet(out _, out _));
                Assert.Equal(RefusalCode.InvalidState, (await stage.Cancel(2)).Refusal!.Code);
            });
            Assert.Equal(1, stage.MostAtOnce());
            Assert.Empty(stage.Errors);
        }
    }

    [Fact]
    public void One_that_was_cancelled_before_its_turn_never_runs()
    {
        var stage = new ReplayStage(1);
        stage.Play(async () =>
        {
            for (var replay = 1; replay <= 3; replay++) await stage.Request(replay);
            Assert.True((await stage.Cancel(2)).TryGet(out _, out _));
            CheckWhole(await stage.End(3));
        });
        Assert.Equal([ReplayStage.Id(1).Value, ReplayStage.Id(3).Value], stage.Started);
    }

    [Fact]
    public void Only_the_merchants_own_are_in_it()
    {
        var stage = new ReplayStage(1);
        stage.Play(async () =>
        {
            await stage.Request(1, ReplayStage.Merchant(0));
            var cell = Assert.Single((await stage.End(1)).Figures!.Cells);
            Assert.Equal((ReplayStage.Decisions / 2, 250_500), (cell.Decisions, cell.Amount));
        });
    }

    private static void CheckWhole(RoutingReplayView replay)
    {
        const int All = ReplayStage.Decisions;
        Assert.Equal((RoutingReplayStatus.Succeeded, null), (replay.Status, replay.FailureCode));
        Assert.Equal((All, (long?)All, 0L), (replay.Progress.Decisions, replay.Progress.Rows, replay.Progress.RowsLeft));
        Assert.Equal((All, All), (replay.Figures!.Decisions, replay.Figures.Changed));
        var cell = Assert.Single(replay.Figures.Cells);
        Assert.Equal(("dear", "cheap", All, 500_500, 62 * All, 10 * All), (cell.From, cell.To, cell.Decisions, cell.Amount, cell.FeeBefore, cell.FeeAfter));
    }

    private static void CheckFailed(RoutingReplayView replay, string code)
    {
        Assert.Equal((RoutingReplayStatus.Failed, code), (replay.Status, replay.FailureCode));
        Assert.Null(replay.Figures);
    }
}
