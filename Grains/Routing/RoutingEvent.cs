using System.Text.Json.Serialization;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Shared.Json;

namespace OrleansPayments.Grains.Routing;

/// <summary>What can happen to the directory of connectors. The stored form, pinned by a test.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ConnectorRegistered), "routing.connector_registered")]
internal abstract record RoutingEvent;

internal sealed record ConnectorRegistered(ConnectorName Connector) : RoutingEvent;

/// <summary>The stored form of the directory.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters = [typeof(ConnectorNameJsonConverter)])]
[JsonSerializable(typeof(RoutingEvent[]))]
internal sealed partial class RoutingJson : JsonSerializerContext;
