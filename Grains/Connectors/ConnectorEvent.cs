using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansPayments.Connectors;

namespace OrleansPayments.Grains.Connectors;

/// <summary>What can happen to a connector. The stored form, pinned by a test.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ConnectorCreated), "connector.created")]
[JsonDerivedType(typeof(ConnectorSettingsChanged), "connector.settings_changed")]
[JsonDerivedType(typeof(ConnectorCredentialsReplaced), "connector.credentials_replaced")]
internal abstract record ConnectorEvent;

internal sealed record ConnectorCreated(
    string Provider, ConnectorSettings Settings, ImmutableArray<byte> SealedCredentials, string CreationKey) : ConnectorEvent;

/// <summary>The whole settings as they are from now on.</summary>
internal sealed record ConnectorSettingsChanged(ConnectorSettings Settings) : ConnectorEvent;

internal sealed record ConnectorCredentialsReplaced(ImmutableArray<byte> SealedCredentials) : ConnectorEvent;

/// <summary>What can happen to a connector's circuit. An entity of its own; the stored form, pinned by a test.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(CircuitOpened), "connector.circuit_opened")]
[JsonDerivedType(typeof(CircuitClosed), "connector.circuit_closed")]
internal abstract record CircuitLogEvent;

/// <param name="Flaps">How many openings since the last one that was recorded were not, each with its closing.</param>
internal sealed record CircuitOpened(
    DateTimeOffset At,
    int Calls,
    double? SuccessRate,
    TechnicalFailures Failures,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Flaps = 0) : CircuitLogEvent;

internal sealed record CircuitClosed(DateTimeOffset At, int Calls, double? SuccessRate, TechnicalFailures Failures) : CircuitLogEvent;
