using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Simulation;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Grains.Routing.Replay;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Routing;

namespace OrleansPayments.Simulation.World;

/// <summary>Replays on the real grains in virtual time, over a past that a test makes, and a journal and a history that fail when a test says so.</summary>
internal sealed class ReplayStage
{
    /// <summary>How many decisions there are. All went to <c>dear</c>, for a fee of 62, and the draft sends them to <c>cheap</c>, for 10.</summary>
    public const int Decisions = 1_000;

    private static readonly TimeSpan Longest = TimeSpan.FromHours(30);

    private readonly JournalStore _store;
    private readonly ErrorLog _log;
    private readonly CardStore _cards;
    private int _lives;

    public ReplayStage(ulong seed)
    {
        Loop = new SimulationLoop(seed, new SimulationTrace(keepLines: 100_000));
        _store = new JournalStore(Loop, Loop.Random.Split(), FaultPlan.Quiet)
        {
            OnCommit = (entity, _, _) => Committed.Add((entity, KindOf(_store!.Entries(entity)[^1]))),
        };
        _log = new ErrorLog(Loop, Errors.Add);
        _cards = new CardStore(Loop, Loop.Random.Split(), FaultPlan.Quiet, violation => Assert.Fail(violation));
    }

    public SimulationLoop Loop { get; }

    public SeededRandom Random => Loop.Random;

    public VirtualSilo Silo { get; private set; } = null!;

    public RoutingReplayOptions Options { get; } = new() { PageRows = 10, Pause = TimeSpan.FromMilliseconds(1), RecordEvery = TimeSpan.FromMilliseconds(100) };

    public List<string> Errors { get; } = [];

    /// <summary>What became durable, in its order: the entity and the type of its event.</summary>
    public List<(string Entity, string Kind)> Committed { get; } = [];

    /// <summary>Which replay read behind which place.</summary>
    public List<(int Replay, long After)> Reads { get; } = [];

    /// <summary>What the history throws at this replay.</summary>
    public Func<int, Exception?> HistoryFault { get; set; } = _ => null;

    /// <summary>What the journal throws when it is to load this entity, or to append to it.</summary>
    public Func<string, Exception?> LoadFault { get; set; } = _ => null;

    public Func<string, Exception?> AppendFault { get; set; } = _ => null;

    /// <summary>In a page of this replay: what comes before the decision with this number.</summary>
    public Action<int, int> BeforeDecision { get; set; } = (_, _) => { };

    public static RoutingReplayId Id(int replay) => RoutingReplayId.FromIdempotencyKey("simulation", "replays", $"{replay}");

    public static MerchantId Merchant(int number) => MerchantId.FromIdempotencyKey("simulation", "merchants", $"{number % 2}");

    public void StartSilo()
    {
        var process = Loop.Start($"silo{++_lives}");
        Silo = new VirtualSilo(process, new FaultyJournal(this, _store.Open(process)), [], _cards.Open(process), new PaymentOptions(), _log, services =>
        {
            services.AddSingleton(Options);
            services.AddSingleton<IRoutingHistory>(new Past(this, process));
        });
    }

    public void Play(Func<Task> play)
    {
        StartSilo();
        Task? played = null;
        Loop.Outside.Run("play", () => played = play());
        var end = Loop.RunUntil(() => played is { IsCompleted: true }, 5_000_000, Longest);
        if (played is { IsCompleted: true }) played.GetAwaiter().GetResult();
        Assert.Equal(SimulationEnd.Done, end);
        if (Silo.Process.IsAlive) Silo.Crash();
    }

    public Task Wait(double milliseconds) => Task.Delay(TimeSpan.FromMilliseconds(milliseconds), Loop.Outside.Time);

    public Task<Outcome<RequestRoutingReplayResult>> Request(int replay, MerchantId? merchant = null)
    {
        // The history tells them apart by where they begin.
        var terms = new RoutingReplayTerms(
            merchant, DateTimeOffset.UnixEpoch.AddDays(replay), SimulationLoop.Epoch, RoutingConfiguration.Default with { Strategy = "weighted_cost" }, []);
        return Silo.Call(grains => grains.RoutingReplays().Request(Id(replay), new RequestRoutingReplay(terms, "fingerprint")));
    }

    public async Task<RoutingReplayView> Get(int replay) => (await Silo.Call(grains => grains.RoutingReplay(Id(replay)).Get()))!;

    public Task<Outcome<RoutingReplayView>> Cancel(int replay) => Silo.Call(grains => grains.RoutingReplay(Id(replay)).Cancel());

    /// <summary>As the silo does at intervals.</summary>
    public Task Wake() => Silo.Call(async grains =>
    {
        await grains.RoutingReplays().Wake();
        return true;
    });

    /// <summary>Waits for a replay's end, and looks for interrupted ones every second meanwhile.</summary>
    public async Task<RoutingReplayView> End(int replay)
    {
        while (true)
        {
            try
            {
                if (await Get(replay) is { EndedAt: not null } ended) return ended;
                await Wake();
            }
            catch (Exception e) when (Outage.Is(e))
            {
            }

            await Wait(1_000);
        }
    }

    /// <summary>The replays that began, in their order.</summary>
    public IEnumerable<string> Started => Committed.Where(one => one.Kind == "replay.started").Select(one => one.Entity);

    /// <summary>The most that had begun and not ended at a time.</summary>
    public int MostAtOnce()
    {
        var (now, most) = (0, 0);
        foreach (var (_, kind) in Committed)
        {
            if (kind == "replay.started") most = Math.Max(most, ++now);
            if (kind is "replay.succeeded" or "replay.failed" or "replay.cancelled") now--;
        }

        return most;
    }

    private static string KindOf(JournalEntry entry)
    {
        using var events = JsonDocument.Parse(entry.Events);
        return events.RootElement[0].GetProperty("type").GetString()!;
    }

    private sealed class FaultyJournal(ReplayStage stage, IJournal journal) : IJournal
    {
        public ValueTask<AppendResult> AppendAsync(JournalAppend append) => stage.AppendFault(append.Entity) is { } fault
            ? ValueTask.FromException<AppendResult>(fault)
            : journal.AppendAsync(append);

        public ValueTask<IReadOnlyList<JournalEntry>> LoadAsync(string entity) => stage.LoadFault(entity) is { } fault
            ? ValueTask.FromException<IReadOnlyList<JournalEntry>>(fault)
            : journal.LoadAsync(entity);
    }

    // One shard for each replay; decision n is at position n, of n minor units, and every second merchant's.
    private sealed class Past(ReplayStage stage, SimulatedProcess silo) : IRoutingHistory
    {
        private static readonly ImmutableArray<RoutingCandidate> Candidates =
            [new("dear", true, null, 1, 62, 5, 5, 0.95, Priority: 1), new("cheap", true, "lower_priority", 2, 10, 5, 5, 0.95, Priority: 2)];

        public async Task<RoutingHistoryPlace> OpenAsync(DateTimeOffset from, DateTimeOffset until)
        {
            var replay = (int)(from - DateTimeOffset.UnixEpoch).TotalDays;
            await Reach(replay);
            return new RoutingHistoryPlace([new RoutingHistorySpan(replay, 0, Decisions)]);
        }

        public async Task<RoutingHistoryPage> ReadAsync(RoutingHistoryPlace place, MerchantId? merchant, int rows)
        {
            var span = Assert.Single(place.Left);
            stage.Reads.Add((span.Shard, span.After));
            await Reach(span.Shard);
            var last = Math.Min(span.After + rows, span.Last);
            var numbers = Enumerable.Range((int)span.After + 1, (int)(last - span.After)).Where(number => merchant is null || Merchant(number) == merchant);
            return new RoutingHistoryPage(new Page([.. numbers], span.Shard, stage), new RoutingHistoryPlace(last == span.Last ? [] : [span with { After = last }]));
        }

        public static PastDecision Decision(int number) => new(
            new RoutingRequest(
                PaymentId.FromIdempotencyKey("simulation", "payments", $"{number}"), Merchant(number), Money.FromMinorUnits(number, Currency.Parse("EUR")), "card", null,
                "visa", "424242", ImmutableSortedDictionary<string, string>.Empty),
            new RoutingDecision($"dec_{number}", "priority", Candidates));

        private async Task Reach(int replay)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1 + stage.Random.Next(5)), silo.Time);
            if (stage.HistoryFault(replay) is { } fault) throw fault;
        }
    }

    // Decisions are made as they are looked at.
    private sealed class Page(int[] numbers, int replay, ReplayStage stage) : IReadOnlyList<PastDecision>
    {
        public int Count => numbers.Length;

        public PastDecision this[int index]
        {
            get
            {
                stage.BeforeDecision(replay, numbers[index]);
                return Past.Decision(numbers[index]);
            }
        }

        public IEnumerator<PastDecision> GetEnumerator() => Enumerable.Range(0, Count).Select(at => this[at]).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
