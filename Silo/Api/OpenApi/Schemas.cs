using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace OrleansPayments.Silo.Api.OpenApi;

/// <summary>Short forms for the schemas that occur again and again.</summary>
internal static class Schemas
{
    public static OpenApiSchema Text(int min, int max, string? description = null) =>
        new() { Type = JsonSchemaType.String, MinLength = min, MaxLength = max, Description = description };

    public static OpenApiSchema Pattern(string pattern, string? description = null) =>
        new() { Type = JsonSchemaType.String, Pattern = pattern, Description = description };

    public static OpenApiSchema Id(string prefix) => Pattern($"^{prefix}[0-7][0-9a-hjkmnp-tv-z]{{25}}$");

    public static OpenApiSchema ConnectorName() => Pattern("^[a-z0-9][a-z0-9_-]{0,63}$");

    public static OpenApiSchema Currency() => Pattern("^[A-Z]{3}$", "ISO 4217, upper case.");

    public static OpenApiSchema Country() => Pattern("^[A-Z]{2}$", "ISO 3166-1 alpha-2, upper case.");

    public static OpenApiSchema OneOf(IEnumerable<string> values, string? otherwise = null) => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. values.Select(value => (JsonNode)JsonValue.Create(value))],
        Default = otherwise is null ? null : JsonValue.Create(otherwise),
    };

    public static OpenApiSchema Time() => new() { Type = JsonSchemaType.String, Format = "date-time" };

    public static OpenApiSchema Boolean(bool? otherwise = null) =>
        new() { Type = JsonSchemaType.Boolean, Default = otherwise is { } value ? JsonValue.Create(value) : null };

    public static OpenApiSchema Integer(long min, long max, long? otherwise = null, string? description = null) => new()
    {
        Type = JsonSchemaType.Integer,
        Format = max > int.MaxValue ? "int64" : "int32",
        Minimum = min.ToString(CultureInfo.InvariantCulture),
        Maximum = max.ToString(CultureInfo.InvariantCulture),
        Default = otherwise is { } value ? JsonValue.Create(value) : null,
        Description = description,
    };

    public static OpenApiSchema Number(double min, double max, double? otherwise = null) => new()
    {
        Type = JsonSchemaType.Number,
        Minimum = min.ToString(CultureInfo.InvariantCulture),
        Maximum = max.ToString(CultureInfo.InvariantCulture),
        Default = otherwise is { } value ? JsonValue.Create(value) : null,
    };

    public static OpenApiSchema Array(IOpenApiSchema items, int? max = null) => new() { Type = JsonSchemaType.Array, Items = items, MaxItems = max };

    public static OpenApiSchema Map(int maxCount, OpenApiSchema values, string? description = null) =>
        new() { Type = JsonSchemaType.Object, AdditionalProperties = values, MaxProperties = maxCount, Description = description };

    /// <summary>An answer: every member is always there.</summary>
    public static OpenApiSchema Answer(params ReadOnlySpan<(string Name, IOpenApiSchema Schema)> members)
    {
        var schema = Object(members);
        schema.Required = new SortedSet<string>(schema.Properties!.Keys, StringComparer.Ordinal);
        return schema;
    }

    /// <summary>A part of a request: members that it does not name are refused.</summary>
    public static OpenApiSchema Request(string required, params ReadOnlySpan<(string Name, IOpenApiSchema Schema)> members)
    {
        var schema = Object(members);
        schema.Required = new SortedSet<string>(required.Split(' ', StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);
        schema.AdditionalPropertiesAllowed = false;
        return schema;
    }

    /// <summary>Milliseconds: average and percentiles.</summary>
    /// <param name="absence">When there is none.</param>
    public static OpenApiSchema Latency(string absence)
    {
        var milliseconds = Number(0, int.MaxValue);
        return Answer(("average", milliseconds), ("p50", milliseconds), ("p95", milliseconds), ("p99", milliseconds)).OrNull()
            .Saying("Percentiles within 4.5 %, from 1 ms to 65 s; " + absence);
    }

    public static OpenApiSchema Saying(this OpenApiSchema schema, string description)
    {
        schema.Description = description;
        return schema;
    }

    /// <summary>The same, or null.</summary>
    public static OpenApiSchema OrNull(this OpenApiSchema schema)
    {
        schema.Type |= JsonSchemaType.Null;
        return schema;
    }

    private static OpenApiSchema Object(ReadOnlySpan<(string Name, IOpenApiSchema Schema)> members)
    {
        var properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
        foreach (var (name, schema) in members) properties.Add(name, schema);
        return new OpenApiSchema { Type = JsonSchemaType.Object, Properties = properties };
    }
}
