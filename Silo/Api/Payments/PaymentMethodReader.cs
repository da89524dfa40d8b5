using System.Collections.Immutable;
using System.Text.Json;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Api.Json;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary>Reads the <c>payment_method</c> of a request. What is documented but not built yet is refused and never ignored.</summary>
internal static class PaymentMethodReader
{
    public const string Name = "payment_method";
    public const int MaxHolderNameLength = 255;

    private const string Card = "card";

    public static ImmutableArray<string> Fields { get; } = ["type", Card];

    public static ImmutableArray<string> CardFields { get; } = ["number", "exp_month", "exp_year", "cvc", "holder_name"];

    // A payment method of another type has members of its own; they are not looked at, because the type is refused.
    private static readonly ImmutableArray<string> LaterTypes = ["wallet", "bank_transfer", "crypto", "account"];

    /// <summary>The card of the required member <see cref="Name"/>; not to be used after a fault.</summary>
    public static CardDetails Read(JsonFields fields)
    {
        var refused = new CardDetails("", 0, 0, null, null);
        if (IsOfLaterType(fields.Value(Name)))
        {
            fields.Refuse(ProblemCatalogue.NotSupported, Name, "Only payments by card are available.", "type");
            return refused;
        }

        if (fields.RequiredObject(Name, Fields) is not { } method) return refused;
        if (method.RequiredText("type", 255) != Card)
        {
            method.Refuse(ProblemCatalogue.InvalidValue, "type", $"The value must be one of: {Card}, {string.Join(", ", LaterTypes)}.");
            return refused;
        }

        return method.RequiredObject(Card, CardFields) is { } card ? ReadCard(card) : refused;
    }

    /// <summary>The card without its security code, as a member of the canonical form.</summary>
    public static void WriteCanonical(Utf8JsonWriter writer, CardDetails card)
    {
        writer.WriteStartObject(Card);
        writer.WriteNumber("exp_month", card.ExpiryMonth);
        writer.WriteNumber("exp_year", card.ExpiryYear);
        if (card.HolderName is { } holder) writer.WriteString("holder_name", holder);
        writer.WriteString("number", card.Number);
        writer.WriteEndObject();
    }

    private static bool IsOfLaterType(JsonElement method)
    {
        if (method.ValueKind != JsonValueKind.Object) return false;
        var types = method.EnumerateObject().Where(member => JsonText.TryGetName(member) == "type").Take(2).ToList();
        return types.Count == 1 && JsonText.TryGetText(types[0].Value) is { } type && LaterTypes.Contains(type);
    }

    private static CardDetails ReadCard(JsonFields card)
    {
        var number = card.RequiredText("number", 255);
        if (!CardRules.IsNumber(number))
        {
            card.Refuse(ProblemCatalogue.InvalidCardNumber, "number", "The value must be 12 to 19 digits with a right check digit.");
            number = "";
        }

        var month = card.RequiredInt32("exp_month", 1, 12);
        var year = card.RequiredInt32("exp_year", 1000, 9999);
        var securityCode = card.OptionalText("cvc", 255);
        if (securityCode is not null && !CardRules.IsSecurityCode(securityCode))
        {
            card.Refuse(ProblemCatalogue.InvalidValue, "cvc", "The value must be 3 or 4 digits.");
        }

        var holder = card.OptionalText("holder_name", MaxHolderNameLength);
        if (number.Length > 0 && holder?.Contains(number, StringComparison.Ordinal) == true)
        {
            card.Refuse(ProblemCatalogue.InvalidValue, "holder_name", "The value must not contain the card number.");
        }

        return new CardDetails(number, month, year, securityCode, holder);
    }
}
