namespace OrleansPayments.Connectors;

/// <summary>A connector's health as its own charges show it. Counts what the window of <see cref="HealthSettings.WindowSeconds"/> holds; older than that it says nothing.</summary>
/// <param name="Sequence">A later view of the same connector has a greater one.</param>
/// <param name="Calls">Charges whose technical outcome is known.</param>
/// <param name="SuccessRate">Technical successes / calls: 0 to 1; null without calls.</param>
/// <param name="AuthorizationRate">Approved / (approved + declined): 0 to 1; null without either.</param>
/// <param name="Latency">Null when nothing was sent.</param>
/// <param name="InFlight">Permits to charge that were given and neither reported nor expired.</param>
/// <param name="MaxInFlight">The most of them.</param>
/// <param name="OpenedAt">Since when the circuit is not closed; null while it is.</param>
/// <param name="RestsFor">How long the circuit stays open, from this view on; zero unless it is open.</param>
/// <param name="Status">While it is drained, <paramref name="InFlight"/> goes to zero.</param>
[GenerateSerializer, Immutable, Alias("connector_health_view")]
public sealed record ConnectorHealthView(
    [property: Id(0)] ConnectorName Connector,
    [property: Id(1)] long Sequence,
    [property: Id(2)] CircuitState State,
    [property: Id(3)] int Calls,
    [property: Id(4)] double? SuccessRate,
    [property: Id(5)] double? AuthorizationRate,
    [property: Id(6)] TechnicalFailures Failures,
    [property: Id(7)] LatencyView? Latency,
    [property: Id(8)] int InFlight,
    [property: Id(9)] int MaxInFlight,
    [property: Id(10)] DateTimeOffset? OpenedAt,
    [property: Id(11)] TimeSpan RestsFor,
    [property: Id(12)] ConnectorStatus Status = ConnectorStatus.Enabled);

/// <summary>Technical failures by class, as <see cref="ChargeOutcome"/> names them.</summary>
[GenerateSerializer, Immutable, Alias("technical_failures")]
public sealed record TechnicalFailures([property: Id(0)] int Refused, [property: Id(1)] int Unknown, [property: Id(2)] int NotSent);

/// <summary>
/// How long charges take, in milliseconds, those without an answer included. Percentiles are within 4.5 % between 1 ms and 65 s; what is below or above counts as these.
/// </summary>
/// <param name="Average">Exponentially weighted, one in ten for the newest.</param>
[GenerateSerializer, Immutable, Alias("latency_view")]
public sealed record LatencyView(
    [property: Id(0)] double Average, [property: Id(1)] double P50, [property: Id(2)] double P95, [property: Id(3)] double P99);

/// <summary>Whether charges go through.</summary>
[GenerateSerializer, Alias("circuit_state")]
public enum CircuitState
{
    /// <summary>They do.</summary>
    Closed,

    /// <summary>They do not: the connector rests.</summary>
    Open,

    /// <summary>One at a time does, to see.</summary>
    HalfOpen,
}
