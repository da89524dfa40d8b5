using System.Collections.Immutable;
using OrleansPayments.Connectors;
using OrleansPayments.Silo.Api.Http;

namespace OrleansPayments.Silo.Api.Connectors;

/// <summary>How a connector's charges fare, on the wire.</summary>
internal sealed record ConnectorHealthBody(
    string Connector,
    string Status,
    string State,
    double? SuccessRate,
    double? AuthorizationRate,
    int Calls,
    ConnectorFailuresBody Failures,
    LatencyBody? LatencyMs,
    int InFlight,
    int MaxInFlight,
    DateTimeOffset? OpenedAt,
    ImmutableArray<CircuitEventBody> Events)
{
    public static ConnectorHealthBody Of(ConnectorHealthView view, CircuitEventList events) => new(
        view.Connector.Value, ConnectorMembers.NameOf(view.Status), TextOf(view.State), LatencyBody.Rounded(view.SuccessRate), LatencyBody.Rounded(view.AuthorizationRate), view.Calls,
        ConnectorFailuresBody.Of(view.Failures), LatencyBody.Of(view.Latency), view.InFlight, view.MaxInFlight, view.OpenedAt,
        [.. events.Events.Select(CircuitEventBody.Of)]);

    public static string TextOf(CircuitState state) => state switch
    {
        CircuitState.Closed => "closed",
        CircuitState.Open => "open",
        CircuitState.HalfOpen => "half_open",
        _ => throw new InvalidOperationException($"Unknown state {state}."),
    };
}

internal sealed record ConnectorFailuresBody(int Refused, int Unknown, int NotSent)
{
    public static ConnectorFailuresBody Of(TechnicalFailures failures) => new(failures.Refused, failures.Unknown, failures.NotSent);
}

/// <summary>A change of the circuit that was kept.</summary>
/// <param name="Event"><c>opened</c> or <c>closed</c>.</param>
/// <param name="Flaps">How many openings before it were left out.</param>
internal sealed record CircuitEventBody(DateTimeOffset At, string Event, int Calls, double? SuccessRate, ConnectorFailuresBody Failures, int Flaps)
{
    public static ImmutableArray<string> Names { get; } = [.. Enum.GetValues<CircuitEventKind>().Select(TextOf)];

    public static CircuitEventBody Of(CircuitEvent happened) => new(
        happened.At, TextOf(happened.Kind), happened.Calls, LatencyBody.Rounded(happened.SuccessRate), ConnectorFailuresBody.Of(happened.Failures), happened.Flaps);

    private static string TextOf(CircuitEventKind kind) => kind switch
    {
        CircuitEventKind.Opened => "opened",
        CircuitEventKind.Closed => "closed",
        _ => throw new InvalidOperationException($"Unknown event {kind}."),
    };
}
