using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansPayments.Silo.Api.Json;

/// <summary>Times in answers: RFC 3339 in UTC with microseconds, <c>2026-01-31T12:00:00.000000Z</c>.</summary>
internal sealed class UtcTimeJsonConverter : JsonConverter<DateTimeOffset>
{
    public const string Format = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture));
}
