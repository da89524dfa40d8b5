using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansPayments.Connectors;

namespace OrleansPayments.Grains.Connectors;

/// <summary>What can happen to a connector. The stored form, pinned by a test.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ConnectorCreated), "connector.created")]
internal abstract record ConnectorEvent;

internal sealed record ConnectorCreated(
    string Provider, ConnectorSettings Settings, ImmutableArray<byte> SealedCredentials, string CreationKey) : ConnectorEvent;
