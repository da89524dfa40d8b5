using System.Text.Json;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>Writes answers in the protocol's JSON (docs.stripe.com/api/errors, /api/pagination; the objects: see the other part).</summary>
internal static partial class StripeJson
{
    public static void Write(Utf8JsonWriter json, StripeReply reply)
    {
        if (reply.Error is { } error)
        {
            json.WriteStartObject();
            json.WritePropertyName("error"u8);
            WriteError(json, error, reply.Body as PaymentIntent);
            json.WriteEndObject();
        }
        else if (reply.List is { } list)
        {
            WriteList(json, list, reply.ExpandCharge);
        }
        else
        {
            Write(json, reply.Body!, reply.ExpandCharge);
        }
    }

    private static void WriteList(Utf8JsonWriter json, StripeList list, bool expandCharge)
    {
        json.WriteStartObject();
        json.WriteString("object"u8, list.Kind);
        json.WriteString("url"u8, list.Url);
        json.WriteBoolean("has_more"u8, list.HasMore);
        json.WriteStartArray("data"u8);
        foreach (var item in list.Data) Write(json, item, expandCharge);
        json.WriteEndArray();
        if (list.Kind == "search_result") json.WriteString("next_page"u8, list.NextPage);
        json.WriteEndObject();
    }

    private static void WriteError(Utf8JsonWriter json, StripeError error, PaymentIntent? intent)
    {
        json.WriteStartObject();
        WriteIfSet(json, "advice_code"u8, error.AdviceCode);
        WriteIfSet(json, "charge"u8, error.Charge);
        if (error.Code is { } code)
        {
            json.WriteString("code"u8, code);
            json.WriteString("doc_url"u8, string.Concat("https://docs.stripe.com/error-codes/", code.Replace('_', '-')));
        }

        WriteIfSet(json, "decline_code"u8, error.DeclineCode);
        json.WriteString("message"u8, error.Message);
        WriteIfSet(json, "param"u8, error.Param);
        if (intent is not null)
        {
            json.WritePropertyName("payment_intent"u8);
            WriteIntent(json, intent, expandCharge: false);
        }

        if (error.Card is { } card) WritePaymentMethod(json, card);
        json.WriteString("type"u8, error.Type);
        json.WriteEndObject();
    }

    private static void WritePaymentMethod(Utf8JsonWriter json, StripeCard card)
    {
        json.WriteStartObject("payment_method"u8);
        json.WriteString("id"u8, card.PaymentMethodId);
        json.WriteString("object"u8, "payment_method"u8);
        json.WriteStartObject("card"u8);
        json.WriteString("brand"u8, card.Brand);
        json.WriteNumber("exp_month"u8, card.ExpMonth);
        json.WriteNumber("exp_year"u8, card.ExpYear);
        json.WriteString("fingerprint"u8, card.Fingerprint);
        json.WriteString("last4"u8, card.Last4);
        json.WriteEndObject();
        json.WriteBoolean("livemode"u8, false);
        json.WriteString("type"u8, "card"u8);
        json.WriteEndObject();
    }

    private static void WriteIfSet(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }
}
