using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansPayments.Silo.Api.Http;

namespace OrleansPayments.Silo.Hosting.Failpoints;

/// <summary>How a point stands.</summary>
/// <param name="Armed">Null while nothing happens there.</param>
/// <param name="Reached">How often a flow that fits came here since it was armed, those included that were let pass.</param>
internal sealed record FailpointBody(string Name, ArmingBody? Armed, int Reached, ImmutableArray<HeldFlow> Holding);

internal sealed record ArmingBody(FailpointAction Action, int Skip, string? Operation, string? Entity);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(ActionConverter)])]
[JsonSerializable(typeof(FailpointBody))]
[JsonSerializable(typeof(ListBody<FailpointBody>), TypeInfoPropertyName = "FailpointList")]
internal sealed partial class FailpointJson : JsonSerializerContext
{
    private sealed class ActionConverter() : JsonStringEnumConverter<FailpointAction>(System.Text.Json.JsonNamingPolicy.SnakeCaseLower);
}
