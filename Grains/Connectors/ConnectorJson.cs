using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Shared.Json;

namespace OrleansPayments.Grains.Connectors;

/// <summary>The stored form of connectors.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(MerchantIdJsonConverter), typeof(SealedBytesJsonConverter)])]
[JsonSerializable(typeof(ConnectorEvent[]))]
[JsonSerializable(typeof(ConnectorSettings))]
[JsonSerializable(typeof(CircuitLogEvent[]))]
[JsonSerializable(typeof(ImmutableSortedDictionary<string, string>))]
internal sealed partial class ConnectorJson : JsonSerializerContext;
