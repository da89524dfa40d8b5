using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansPayments.Grains.Shared.Json;

/// <summary>Money in the journal: <c>[1099,"USD"]</c>, minor units first.</summary>
internal sealed class MoneyJsonConverter : JsonConverter<Money>
{
    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("Money is an array of minor units and currency.");
        reader.Read();
        var minorUnits = reader.GetInt64();
        reader.Read();
        if (!Currency.TryParse(reader.GetString(), out var currency)) throw new JsonException("Money has an unknown currency.");
        reader.Read();
        if (reader.TokenType != JsonTokenType.EndArray) throw new JsonException("Money has two members.");
        return Money.FromMinorUnits(minorUnits, currency);
    }

    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.MinorUnits);
        writer.WriteStringValue(value.Currency.Code);
        writer.WriteEndArray();
    }
}
