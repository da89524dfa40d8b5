using Orleans.Simulation;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Grains.Shared.Journal;

namespace OrleansPayments.Simulation.World;

/// <summary>
/// The database: what was committed stays, whatever happens to a silo. A silo that lost the ownership writes nothing any more, as the real journal's epochs see to.
/// </summary>
internal sealed class JournalStore
{
    private static readonly TimeSpan ShortestLatency = TimeSpan.FromMicroseconds(200);
    private static readonly TimeSpan LongestLatency = TimeSpan.FromMilliseconds(8);

    private readonly SimulationLoop _loop;
    private readonly SeededRandom _random;
    private readonly FaultPlan _faults;
    private readonly Dictionary<string, List<JournalEntry>> _entities = new(StringComparer.Ordinal);
    private int _epoch;
    private DateTimeOffset _lastRecordedAt;

    public JournalStore(SimulationLoop loop, SeededRandom random, FaultPlan faults)
    {
        _loop = loop;
        _random = random;
        _faults = faults;
    }

    /// <summary>Told of each commit: the entity, the silo, and when that will know of it (null: never).</summary>
    public Action<string, SimulatedProcess, TimeSpan?>? OnCommit { get; set; }

    /// <summary>Told of an entity of which a silo writes two versions at once.</summary>
    public Action<string>? OnOverlap { get; set; }

    private bool Faulty => _loop.Elapsed < _faults.QuietAfter;

    /// <summary>Makes the silo the owner; what its predecessor has under way is void.</summary>
    public IJournal Open(SimulatedProcess silo) => new Session(this, silo, ++_epoch);

    /// <summary>What is durable of a payment now.</summary>
    public PaymentHistory History(PaymentId id) => Entries(id.Value).Aggregate(PaymentHistory.Empty, (history, entry) => history.With(id, entry));

    public IReadOnlyList<JournalEntry> Entries(string entity) => _entities.GetValueOrDefault(entity) ?? [];

    private AppendResult Commit(JournalAppend append)
    {
        if (!_entities.TryGetValue(append.Entity, out var entries)) _entities.Add(append.Entity, entries = []);
        if (entries.Count != append.ExpectedVersion) return new AppendResult(AppendStatus.Conflict, default);

        var now = SimulationLoop.Epoch + _loop.Elapsed;
        _lastRecordedAt = now > _lastRecordedAt ? now : _lastRecordedAt;
        entries.Add(new JournalEntry(entries.Count + 1, _lastRecordedAt, append.Events));
        _loop.Note($"committed version {entries.Count} of {append.Entity}");
        return new AppendResult(AppendStatus.Appended, _lastRecordedAt);
    }

    private TimeSpan Latency() => _random.Between(ShortestLatency, LongestLatency);

    private sealed class Session(JournalStore store, SimulatedProcess silo, int epoch) : IJournal
    {
        // What is being written. One decision at a time: the version check would catch the second, but as an outage to whoever waits for it.
        private readonly HashSet<string> _writing = new(StringComparer.Ordinal);

        public ValueTask<AppendResult> AppendAsync(JournalAppend append)
        {
            if (!_writing.Add(append.Entity)) store.OnOverlap?.Invoke(append.Entity);
            // Not asynchronous continuations: they would leave the simulation's thread. The grain that waits has a context to which they go.
            var answer = new TaskCompletionSource<AppendResult>();
            var random = store._random;
            var refused = store.Faulty && random.Chance(store._faults.AppendRefused);
            var broken = store.Faulty && random.Chance(store._faults.AppendOutcomeUnknown);
            var lostBefore = broken && random.Chance(0.5);
            var answerAfter = store.Faulty && random.Chance(store._faults.AppendAnswerSlow)
                ? random.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30))
                : store.Latency();

            // The statement is under way and arrives even if its sender dies meanwhile.
            store._loop.Outside.After(store.Latency(), () =>
            {
                if (refused) Fail(append, answer, outcomeUnknown: false, answerAfter);
                else if (lostBefore) Fail(append, answer, outcomeUnknown: true, answerAfter);
                else if (epoch != store._epoch) Fail(append, answer, outcomeUnknown: false, answerAfter);
                else Write(append, answer, broken, answerAfter);
            });
            return new ValueTask<AppendResult>(answer.Task);
        }

        public ValueTask<IReadOnlyList<JournalEntry>> LoadAsync(string entity)
        {
            var answer = new TaskCompletionSource<IReadOnlyList<JournalEntry>>();
            var refused = store.Faulty && store._random.Chance(store._faults.LoadRefused);
            silo.After(store.Latency(), () =>
            {
                if (refused) answer.SetException(new JournalUnavailableException("The store refused the load."));
                else answer.SetResult([.. store.Entries(entity)]);
            });
            return new ValueTask<IReadOnlyList<JournalEntry>>(answer.Task);
        }

        private void Write(JournalAppend append, TaskCompletionSource<AppendResult> answer, bool broken, TimeSpan answerAfter)
        {
            var result = store.Commit(append);
            if (result.Status == AppendStatus.Appended) store.OnCommit?.Invoke(append.Entity, silo, broken ? null : answerAfter);
            if (broken) Fail(append, answer, outcomeUnknown: true, answerAfter);
            else Answer(append, answerAfter, () => answer.SetResult(result));
        }

        private void Fail(JournalAppend append, TaskCompletionSource<AppendResult> answer, bool outcomeUnknown, TimeSpan after) =>
            Answer(append, after, () => answer.SetException(new JournalUnavailableException("The store failed.", outcomeUnknown)));

        private void Answer(JournalAppend append, TimeSpan after, Action answer) => silo.After(after, () =>
        {
            _writing.Remove(append.Entity);
            answer();
        });
    }
}
