using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Payments;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Payments;

/// <summary>Tells a payment's story from its journal: each event, the status it led to, and the call to the provider that it came out of.</summary>
internal static class PaymentTracer
{
    /// <summary>The most connectors that are named as skipped.</summary>
    public const int MaxSkipped = 20;

    private static readonly FrozenDictionary<Type, string> Names = typeof(PaymentEvent).GetCustomAttributes<JsonDerivedTypeAttribute>()
        .ToFrozenDictionary(row => row.DerivedType, row => (string)row.TypeDiscriminator!);

    /// <exception cref="InvalidDataException">An entry holds what no payment can hold.</exception>
    public static PaymentTraces Trace(PaymentId id, IReadOnlyList<JournalEntry> entries)
    {
        var traces = ImmutableArray.CreateBuilder<PaymentTrace>();
        PaymentState? state = null;
        foreach (var entry in entries)
        {
            foreach (var happened in EventsOf(id, entry))
            {
                state = PaymentMachine.Apply(id, state, happened, entry.Version, entry.RecordedAt);
                traces.Add(Of(state, happened, traces.Count + 1, entry.RecordedAt));
            }
        }

        return new PaymentTraces(traces.ToImmutable());
    }

    /// <summary>The last decision about a route; of a payment that asked for none, none.</summary>
    /// <exception cref="InvalidDataException">An entry holds no events.</exception>
    public static PaymentRouting LastRoute(PaymentId id, IReadOnlyList<JournalEntry> entries)
    {
        for (var at = entries.Count - 1; at >= 0; at--)
        {
            if (EventsOf(id, entries[at]).OfType<RouteChosen>().LastOrDefault() is { } chosen) return new PaymentRouting(chosen.Decision, entries[at].RecordedAt);
        }

        return new PaymentRouting(null, null);
    }

    private static PaymentEvent[] EventsOf(PaymentId id, JournalEntry entry) =>
        JsonSerializer.Deserialize(entry.Events.Span, PaymentJson.Default.PaymentEventArray)
        ?? throw new InvalidDataException($"Version {entry.Version} of {id} holds no events.");

    // A route is chosen between two attempts and belongs to none; what it chose is told with it.
    private static PaymentTrace Of(PaymentState state, PaymentEvent happened, int sequence, DateTimeOffset at)
    {
        var (code, message) = ErrorOf(happened);
        return new PaymentTrace(
            sequence,
            at,
            Names[happened.GetType()],
            state.Status,
            happened is RouteChosen ? null : PassedOf(state, happened)?.Number ?? (state.Attempts > 0 ? state.Attempts : null),
            happened is RouteChosen ? null : (PassedOf(state, happened)?.Connector ?? state.Connector)?.Value,
            happened.Exchange?.DurationMs,
            code,
            message,
            happened.Exchange?.Request ?? Asked(happened),
            happened.Exchange?.Response ?? Told(happened));
    }

    // What comes of an attempt that was passed on is told of that one and not of the last.
    private static PassedAttempt? PassedOf(PaymentState state, PaymentEvent happened)
    {
        var number = happened is PassedChargeSurfaced surfaced ? surfaced.Attempt : (happened as PassedChargeResolved)?.Attempt;
        return state.Passed?.Find(attempt => attempt.Number == number);
    }

    private static (string? Code, string? Message) ErrorOf(PaymentEvent happened) => happened switch
    {
        AttemptDeclined e => (e.Error.Code, e.Error.Message),
        AttemptFailed e => (e.Error.Code, e.Error.Message),
        AttemptPassedOn e => (e.Error.Code, e.Error.Message),
        RoutesExhausted e => (e.Error.Code, e.Error.Message),
        OperationRefused e => (e.Error.Code, e.Error.Message),
        PaymentExpired => (PaymentErrors.Expired.Code, PaymentErrors.Expired.Message),
        ChargeReleased => (PaymentErrors.ReleasedAtConnector.Code, PaymentErrors.ReleasedAtConnector.Message),
        AttemptOutcomeUnknown e => (e.Reason, "The outcome of the attempt is not known yet."),
        OperationOutcomeUnknown e => (e.Reason, "The outcome of the operation is not known yet."),
        WorkItemOpened e => (e.Reason, "Only a person can find out what became of it."),
        PassedChargeSurfaced => (WorkItemReasons.ChargeOfPassedAttempt, "The connector has a charge of an attempt that it had refused and that was passed on."),
        ChargeSurfaced => (WorkItemReasons.ChargeAfterEnd, "The provider has a charge of a payment that ended without one."),
        _ => (null, null),
    };

    private static ImmutableSortedDictionary<string, string>? Asked(PaymentEvent happened) => happened switch
    {
        RouteChosen e => Fields(("strategy", e.Decision.Strategy), ("chosen", e.Decision.Chosen), ("skipped", Skipped(e.Decision))),
        CaptureStarted e => Fields(("amount", e.Amount.MinorUnits.ToString(CultureInfo.InvariantCulture)), ("final", e.IsFinal ? "true" : "false")),
        CancelStarted { IsExpiry: true } => Fields(("reason", "expired")),
        CancelStarted e => Fields(("reason", e.Reason)),
        PaymentCancelled e => Fields(("reason", e.Reason)),
        PassedChargeResolved e => Fields(("reason", e.Reason), ("resolved_by", e.ResolvedBy)),
        WorkItemResolved e => Fields(
            ("resolution", JsonNamingPolicy.SnakeCaseLower.ConvertName(e.Resolution.ToString())), ("reason", e.Reason), ("resolved_by", e.ResolvedBy)),
        _ => null,
    };

    private static ImmutableSortedDictionary<string, string>? Told(PaymentEvent happened) => happened switch
    {
        ChargeNoticed e => Fields(("event_id", e.EventId), ("event_type", e.EventType)),
        AttemptPassedOn e => Fields(("reason", e.Reason), ("id", e.ConnectorReference)),
        PassedChargeSurfaced e => Fields(("id", e.ConnectorReference), ("amount_received", e.AmountCaptured.MinorUnits.ToString(CultureInfo.InvariantCulture))),
        ChargeSurfaced e => Fields(("id", e.ConnectorReference), ("amount_received", e.AmountCaptured.MinorUnits.ToString(CultureInfo.InvariantCulture))),
        _ => null,
    };

    // Those that would have been asked and gave no leave: "card-a circuit_open, card-b bulkhead_full". Null when there are none.
    private static string? Skipped(RoutingDecision decision)
    {
        var skipped = decision.Candidates.Where(PermitRefusals.IsTemporary).Select(candidate => $"{candidate.Connector} {candidate.Reason}").ToList();
        if (skipped.Count == 0) return null;
        var told = string.Join(", ", skipped.Take(MaxSkipped));
        return skipped.Count <= MaxSkipped ? told : string.Create(CultureInfo.InvariantCulture, $"{told} and {skipped.Count - MaxSkipped} more");
    }

    private static ImmutableSortedDictionary<string, string>? Fields(params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        var all = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in fields)
        {
            if (value is not null) all.Add(name, value);
        }

        return all.Count == 0 ? null : all.ToImmutable();
    }
}
