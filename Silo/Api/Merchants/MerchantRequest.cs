using System.Collections.Immutable;
using System.Text.Json;
using OrleansPayments.Silo.Api.Json;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Merchants;

/// <summary>The body of <c>POST /merchants</c>.</summary>
internal sealed record MerchantRequest(string Name, string Country, Currency DefaultCurrency)
{
    public const int MaxNameLength = 200;

    public static ImmutableArray<string> Fields { get; } = ["name", "country", "default_currency"];

    public static MerchantRequest Read(JsonElement body, Faults faults)
    {
        var fields = JsonFields.Read(body, "", faults, Fields);
        return new MerchantRequest(ReadName(fields), ReadCountry(fields), ReadCurrency(fields));
    }

    public static string ReadName(JsonFields fields) => fields.RequiredText("name", MaxNameLength);

    public static string ReadCountry(JsonFields fields)
    {
        var country = fields.RequiredText("country", 255);
        if (!Countries.All.Contains(country)) fields.Refuse(ProblemCatalogue.InvalidValue, "country", "The value must be an ISO 3166-1 alpha-2 code in upper case.");
        return country;
    }

    public static Currency ReadCurrency(JsonFields fields)
    {
        if (!Currency.TryParse(fields.RequiredText("default_currency", 255), out var currency))
        {
            fields.Refuse(ProblemCatalogue.InvalidValue, "default_currency", "The value must be an ISO 4217 code in upper case.");
        }

        return currency;
    }

    public void WriteCanonical(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("country", Country);
        writer.WriteString("default_currency", DefaultCurrency.Code);
        writer.WriteString("name", Name);
        writer.WriteEndObject();
    }
}
