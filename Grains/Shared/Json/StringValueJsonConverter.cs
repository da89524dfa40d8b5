using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansPayments.Connectors;
using OrleansPayments.Merchants;

namespace OrleansPayments.Grains.Shared.Json;

/// <summary>A value type that is written as its text.</summary>
internal abstract class StringValueJsonConverter<T>(Func<string, T> parse, Func<T, string> text) : JsonConverter<T>
    where T : struct
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return parse(reader.GetString() ?? throw new JsonException($"A {typeof(T).Name} is a string."));
        }
        catch (FormatException e)
        {
            throw new JsonException($"Not a {typeof(T).Name}.", e);
        }
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(text(value));
}

internal sealed class PaymentIdJsonConverter() : StringValueJsonConverter<PaymentId>(PaymentId.Parse, id => id.Value);

internal sealed class MerchantIdJsonConverter() : StringValueJsonConverter<MerchantId>(MerchantId.Parse, id => id.Value);

internal sealed class ApiKeyIdJsonConverter() : StringValueJsonConverter<ApiKeyId>(ApiKeyId.Parse, id => id.Value);

internal sealed class ConnectorNameJsonConverter() : StringValueJsonConverter<ConnectorName>(ConnectorName.Parse, name => name.Value);

internal sealed class RoutingReplayIdJsonConverter() : StringValueJsonConverter<RoutingReplayId>(RoutingReplayId.Parse, id => id.Value);

internal sealed class CurrencyJsonConverter() : StringValueJsonConverter<Currency>(Currency.Parse, currency => currency.Code);
