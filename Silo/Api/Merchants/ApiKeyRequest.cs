using System.Collections.Immutable;
using System.Text.Json;
using OrleansPayments.Merchants;
using OrleansPayments.Silo.Api.Json;

namespace OrleansPayments.Silo.Api.Merchants;

/// <summary>The body of <c>POST /merchants/{id}/api_keys</c>.</summary>
/// <param name="Permissions">Without repetition, in ordinal order: their order in the body means nothing.</param>
internal sealed record ApiKeyRequest(string Name, ImmutableArray<string> Permissions)
{
    public const int MaxNameLength = 100;

    public static ImmutableArray<string> Fields { get; } = ["name", "permissions"];

    private static readonly string Accepted =
        $"The value must be one of: {string.Join(", ", OrleansPayments.Merchants.Permissions.Known.Order(StringComparer.Ordinal))}.";

    public static ApiKeyRequest Read(JsonElement body, Faults faults)
    {
        var fields = JsonFields.Read(body, "", faults, Fields);
        var name = fields.RequiredText("name", MaxNameLength);
        var known = OrleansPayments.Merchants.Permissions.Known;
        fields.Require("permissions");
        var permissions = fields.OptionalTexts("permissions", known.Count, known.Contains, Accepted) ?? [];
        return new ApiKeyRequest(name, permissions.Sort(StringComparer.Ordinal));
    }

    public void WriteCanonical(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("name", Name);
        writer.WriteStartArray("permissions");
        foreach (var permission in Permissions) writer.WriteStringValue(permission);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
