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
