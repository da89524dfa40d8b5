using System.Collections.Immutable;
using Orleans.Concurrency;

namespace OrleansPayments.Connectors;

/// <summary>
/// The last changes of a connector's circuit, kept across restarts. Its key is the <see cref="ConnectorName"/>. Apart from the connector, so that a journal that fails
/// takes neither its health nor its permits with it.
/// </summary>
[Alias("circuit_log")]
public interface ICircuitLogGrain : IGrainWithStringKey
{
    /// <summary>The most events that are kept.</summary>
    const int MaxEvents = 50;

    /// <summary>Called by the connector when its circuit opened or closed. Nobody waits for it; what cannot be written is logged.</summary>
    [OneWay, Alias("note")]
    Task Note(CircuitNote note);

    /// <summary>Newest first, <see cref="MaxEvents"/> at most.</summary>
    [AlwaysInterleave, Alias("list")]
    Task<CircuitEventList> List();
}

/// <summary>A circuit's change as it happens.</summary>
/// <param name="Calls">Charges in the window whose technical outcome is known; of a closing, before they were forgotten.</param>
/// <param name="SuccessRate">0 to 1; null without calls.</param>
/// <param name="Spacing">How long after an opening that was written no other is.</param>
[GenerateSerializer, Immutable, Alias("circuit_note")]
public sealed record CircuitNote(
    [property: Id(0)] CircuitEventKind Kind,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] int Calls,
    [property: Id(3)] double? SuccessRate,
    [property: Id(4)] TechnicalFailures Failures,
    [property: Id(5)] TimeSpan Spacing);

/// <summary>A circuit's change as it was kept.</summary>
/// <param name="Flaps">How many openings between the last one that was kept and this were left out, each with its closing.</param>
[GenerateSerializer, Immutable, Alias("circuit_event")]
public sealed record CircuitEvent(
    [property: Id(0)] CircuitEventKind Kind,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] int Calls,
    [property: Id(3)] double? SuccessRate,
    [property: Id(4)] TechnicalFailures Failures,
    [property: Id(5)] int Flaps);

[GenerateSerializer, Immutable, Alias("circuit_event_list")]
public sealed record CircuitEventList([property: Id(0)] ImmutableArray<CircuitEvent> Events);

[GenerateSerializer, Alias("circuit_event_kind")]
public enum CircuitEventKind
{
    /// <summary>It was closed.</summary>
    Opened,

    /// <summary>A charge that tried it again succeeded.</summary>
    Closed,
}
