using System.Collections.Immutable;
using System.Text.Json;
using OrleansPayments.Silo.Api.Json;

namespace OrleansPayments.Silo.Api.KeyRotation;

/// <summary>The body of <c>POST /master_key/rotate</c>: nothing, or an empty object.</summary>
internal sealed record RotationRequest
{
    public static ImmutableArray<string> Fields { get; } = [];

    public static RotationRequest Read(JsonElement body, Faults faults)
    {
        JsonFields.Read(body, "", faults, Fields);
        return new RotationRequest();
    }
}
