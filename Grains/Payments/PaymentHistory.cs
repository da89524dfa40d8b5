using System.Text.Json;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Payments;

/// <summary>Reads payments out of the journal for those who derive from it. The grain and the read models fold the same events by the same rules.</summary>
public sealed class PaymentHistory
{
    private readonly PaymentState? _state;

    private PaymentHistory(PaymentState? state) => _state = state;

    /// <summary>Before the first entry.</summary>
    public static PaymentHistory Empty { get; } = new(null);

    /// <summary>The payment after the entries so far; null before the first.</summary>
    public PaymentView? View => _state?.ToView();

    /// <summary>The history with one more entry.</summary>
    /// <exception cref="InvalidDataException">The entry does not follow the last one, or holds what no payment can hold.</exception>
    /// <exception cref="JsonException">The entry is not readable.</exception>
    public PaymentHistory With(PaymentId id, JournalEntry entry)
    {
        if (entry.Version != (_state?.Version ?? 0) + 1) throw new InvalidDataException($"{id} has version {entry.Version} after {_state?.Version ?? 0}.");

        var events = JsonSerializer.Deserialize(entry.Events.Span, PaymentJson.Default.PaymentEventArray)
            ?? throw new InvalidDataException($"Version {entry.Version} of {id} holds no events.");
        var state = _state;
        foreach (var happened in events) state = PaymentMachine.Apply(id, state, happened, entry.Version, entry.RecordedAt);
        return new PaymentHistory(state);
    }

    /// <summary>The state as JSON, for a read model to keep; the same entries give the same bytes.</summary>
    public string ToJson() => JsonSerializer.Serialize(_state ?? throw new InvalidOperationException("There is no state yet."), PaymentJson.Default.PaymentState);

    public static PaymentHistory FromJson(string json) =>
        new(JsonSerializer.Deserialize(json, PaymentJson.Default.PaymentState) ?? throw new JsonException("No state."));
}
