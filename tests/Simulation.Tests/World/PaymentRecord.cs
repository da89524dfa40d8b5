using System.Text.Json;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Payments;

namespace OrleansPayments.Simulation.World;

/// <summary>A payment as it is durable, version by version. Its events are read from the stored text and not by the grains' own types, so that a mistake there cannot hide itself.</summary>
internal sealed class PaymentRecord(PaymentId id)
{
    private readonly List<PaymentView> _views = [];
    private readonly List<Happened> _events = [];
    private PaymentHistory _history = PaymentHistory.Empty;

    public PaymentView? View => _views.Count == 0 ? null : _views[^1];

    public IReadOnlyList<Happened> Events => _events;

    public bool HasVersion(int version) => version <= _views.Count;

    /// <param name="version">1 for the first.</param>
    public PaymentView At(int version) => _views[version - 1];

    public IEnumerable<Happened> EventsOf(int version) => _events.Where(happened => happened.Version == version);

    public void CatchUp(IReadOnlyList<JournalEntry> entries)
    {
        foreach (var entry in entries.Skip(_views.Count))
        {
            _history = _history.With(id, entry);
            using var events = JsonDocument.Parse(entry.Events);
            foreach (var happened in events.RootElement.EnumerateArray()) _events.Add(new Happened(entry.Version, happened.GetProperty("type").GetString()!, happened.Clone()));
            _views.Add(_history.View!);
        }
    }

    /// <summary>The number of the last attempt that was started; 0 before the first.</summary>
    public int LastAttempt => _events.LastOrDefault(happened => happened.Type == "attempt.started")?.Number("attempt") ?? 0;

    public bool IsPassedOn(int attempt) => Has("attempt.passed_on", attempt);

    /// <summary>The attempts that were passed on, of which a person was told that they have a charge, and was not heard yet.</summary>
    public IEnumerable<int> Surfaced => _events.Where(happened => happened.Type == "passed_charge.surfaced").Select(happened => happened.Number("attempt"))
        .Distinct().Order().Where(attempt => !Has("passed_charge.resolved", attempt));

    private bool Has(string type, int attempt) => _events.Any(happened => happened.Type == type && happened.Number("attempt") == attempt);

    /// <summary>The capture or cancellation that was started and not concluded; null when there is none.</summary>
    public (int Number, bool IsCapture)? OpenOperation
    {
        get
        {
            (int, bool)? open = null;
            foreach (var happened in _events)
            {
                if (happened.Type is "capture.started" or "cancel.started") open = (happened.Number("operation"), happened.Type == "capture.started");
                else if (happened.Type is "capture.succeeded" or "cancel.succeeded" or "operation.refused" or "work_item.resolved") open = null;
            }

            return open;
        }
    }
}

/// <summary>An event as it is stored.</summary>
internal sealed record Happened(int Version, string Type, JsonElement Content)
{
    public int Number(string member) => Content.GetProperty(member).GetInt32();

    public string Text(string member) => Content.GetProperty(member).GetString()!;

    /// <summary>Of a decision: why which candidates were out.</summary>
    public IEnumerable<string> ReasonsAgainst => Content.GetProperty("decision").GetProperty("candidates").EnumerateArray()
        .Where(candidate => !candidate.GetProperty("eligible").GetBoolean())
        .Select(candidate => candidate.GetProperty("reason").GetString()!);
}
