using OrleansPayments.Connectors;

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
    ConnectorLatencyBody? LatencyMs,
    int InFlight,
    int MaxInFlight,
    DateTimeOffset? OpenedAt)
{
    public static ConnectorHealthBody Of(ConnectorHealthView view) => new(
        view.Connector.Value, ConnectorMembers.NameOf(view.Status), TextOf(view.State), Rounded(view.SuccessRate), Rounded(view.AuthorizationRate), view.Calls,
        new ConnectorFailuresBody(view.Failures.Refused, view.Failures.Unknown, view.Failures.NotSent),
        view.Latency is { } latency ? new ConnectorLatencyBody(Tenths(latency.Average), Tenths(latency.P50), Tenths(latency.P95), Tenths(latency.P99)) : null,
        view.InFlight, view.MaxInFlight, view.OpenedAt);

    public static string TextOf(CircuitState state) => state switch
    {
        CircuitState.Closed => "closed",
        CircuitState.Open => "open",
        CircuitState.HalfOpen => "half_open",
        _ => throw new InvalidOperationException($"Unknown state {state}."),
    };

    private static double? Rounded(double? rate) => rate is { } value ? Math.Round(value, 4) : null;

    // More would say more than is known.
    private static double Tenths(double milliseconds) => Math.Round(milliseconds, 1);
}

internal sealed record ConnectorFailuresBody(int Refused, int Unknown, int NotSent);

internal sealed record ConnectorLatencyBody(double Average, double P50, double P95, double P99);
