using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OrleansPayments.Grains.Shared.Journal;

/// <summary>
/// A grain whose state is the fold of its entity's journal entries. Events are applied only after they are durable, one append at a time, so what the grain
/// says has always happened.
/// </summary>
/// <typeparam name="TState">Immutable; null before the first event.</typeparam>
/// <typeparam name="TEvent">The closed family of the entity's events.</typeparam>
internal abstract class JournaledGrain<TState, TEvent>(IJournal journal, JsonTypeInfo<TEvent[]> eventsJson) : Grain
    where TState : class
    where TEvent : class
{
    /// <summary>The present state; null while the entity does not exist.</summary>
    protected TState? State { get; private set; }

    /// <summary>The last durable version; 0 while the entity does not exist.</summary>
    protected int Version { get; private set; }

    /// <summary>The entity's id in the journal.</summary>
    protected virtual string EntityId => this.GetPrimaryKeyString();

    /// <summary>How many of the last entries make up the state; null when all do. For entities that would otherwise be read for ever longer.</summary>
    protected virtual int? MostEntries => null;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var entries = MostEntries is { } most ? await journal.LoadLastAsync(EntityId, most) : await LoadEntries();

        // What was left out before the first is as if it had been read.
        if (entries.Count > 0 && MostEntries is not null) Version = entries[0].Version - 1;
        foreach (var entry in entries)
        {
            var events = JsonSerializer.Deserialize(entry.Events.Span, eventsJson)
                ?? throw new InvalidDataException($"Version {entry.Version} of {EntityId} holds no events.");
            ApplyAll(events, entry.Version, entry.RecordedAt);
        }
    }

    /// <summary>The entity's entries as they are stored, oldest first.</summary>
    protected ValueTask<IReadOnlyList<JournalEntry>> LoadEntries() => journal.LoadAsync(EntityId);

    protected abstract TState Apply(TState? state, TEvent happened, int version, DateTimeOffset at);

    /// <summary>Called when this activation recorded events, once they are applied; not for those that it read. Must not throw: they are durable.</summary>
    /// <param name="before">The state before them; null when they are the first.</param>
    protected virtual void Recorded(TState? before, TEvent[] events)
    {
    }

    /// <summary>Makes events durable as one new version, then applies them.</summary>
    /// <exception cref="JournalUnavailableException">They are not durable, or nobody knows; in the latter case this activation ends and the next one reads the truth.</exception>
    /// <exception cref="JournalRejectedException">The store refused the data.</exception>
    protected async Task Record(params TEvent[] events)
    {
        var expected = Version;
        AppendResult result;
        try
        {
            result = await journal.AppendAsync(new JournalAppend(EntityId, expected, JsonSerializer.SerializeToUtf8Bytes(events, eventsJson)));
        }
        catch (JournalUnavailableException e) when (!e.OutcomeUnknown)
        {
            throw;
        }
        catch
        {
            // Whether the events are there is not known here: this activation must not answer from its state again.
            DeactivateOnIdle();
            throw;
        }

        switch (result.Status)
        {
            case AppendStatus.Appended:
                var before = State;
                ApplyAll(events, expected + 1, result.RecordedAt);
                Recorded(before, events);
                break;
            case AppendStatus.Rejected:
                throw new JournalRejectedException($"The journal refused version {expected + 1} of {EntityId}.");
            case AppendStatus.Conflict:
                DeactivateOnIdle();
                throw new JournalUnavailableException($"Another activation of {EntityId} wrote version {expected + 1}.");
            default:
                throw new InvalidOperationException($"Unknown append status {result.Status}.");
        }
    }

    private void ApplyAll(TEvent[] events, int version, DateTimeOffset at)
    {
        if (version != Version + 1) throw new InvalidDataException($"{EntityId} has version {version} after {Version}.");

        var state = State;
        foreach (var happened in events) state = Apply(state, happened, version, at);
        State = state;
        Version = version;
    }
}
