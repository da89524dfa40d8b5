using System.Text.Json;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>Writes answers in the protocol's JSON (docs.stripe.com/api/payment_intents/object and /api/errors).</summary>
internal static class StripeJson
{
    public static void Write(Utf8JsonWriter json, StripeReply reply)
    {
        if (reply.Error is { } error)
        {
            json.WriteStartObject();
            json.WritePropertyName("error"u8);
            WriteError(json, error, reply.Intent);
            json.WriteEndObject();
        }
        else if (reply.List is { } list)
        {
            WriteList(json, list);
        }
        else
        {
            WriteIntent(json, reply.Intent!);
        }
    }

    private static void WriteList(Utf8JsonWriter json, StripeList list)
    {
        json.WriteStartObject();
        json.WriteString("object"u8, list.Kind);
        json.WriteString("url"u8, list.Url);
        json.WriteBoolean("has_more"u8, list.HasMore);
        json.WriteStartArray("data"u8);
        foreach (var intent in list.Data) WriteIntent(json, intent);
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
            WriteIntent(json, intent);
        }

        if (error.Card is { } card) WritePaymentMethod(json, card);
        json.WriteString("type"u8, error.Type);
        json.WriteEndObject();
    }

    private static void WriteIntent(Utf8JsonWriter json, PaymentIntent intent)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, intent.Id);
        json.WriteString("object"u8, "payment_intent"u8);
        json.WriteNumber("amount"u8, intent.Amount);
        json.WriteNumber("amount_capturable"u8, intent.AmountCapturable);
        json.WriteStartObject("amount_details"u8);
        json.WriteStartObject("tip"u8);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteNumber("amount_received"u8, intent.AmountReceived);
        json.WriteNull("application"u8);
        json.WriteNull("application_fee_amount"u8);
        json.WriteNull("automatic_payment_methods"u8);
        json.WriteNull("canceled_at"u8);
        json.WriteNull("cancellation_reason"u8);
        json.WriteString("capture_method"u8, StripeNames.Of(intent.CaptureMethod));
        WriteClientSecret(json, intent.Id);
        json.WriteString("confirmation_method"u8, "automatic"u8);
        json.WriteNumber("created"u8, intent.Created.ToUnixTimeSeconds());
        json.WriteString("currency"u8, intent.Currency);
        json.WriteString("customer"u8, intent.Customer);
        json.WriteString("description"u8, intent.Description);
        json.WritePropertyName("last_payment_error"u8);
        if (intent.LastPaymentError is { } error) WriteError(json, error, intent: null);
        else json.WriteNullValue();
        json.WriteString("latest_charge"u8, intent.LatestCharge);
        json.WriteBoolean("livemode"u8, false);
        WriteMetadata(json, intent);
        WriteNextAction(json, intent);
        json.WriteNull("on_behalf_of"u8);
        json.WriteString("payment_method"u8, intent.Card?.PaymentMethodId);
        WritePaymentMethodOptions(json);
        json.WriteNull("processing"u8);
        json.WriteString("receipt_email"u8, intent.ReceiptEmail);
        json.WriteNull("review"u8);
        json.WriteString("setup_future_usage"u8, intent.SetupFutureUsage);
        json.WriteNull("shipping"u8);
        json.WriteNull("source"u8);
        json.WriteString("statement_descriptor"u8, intent.StatementDescriptor);
        json.WriteString("statement_descriptor_suffix"u8, intent.StatementDescriptorSuffix);
        json.WriteString("status"u8, StripeNames.Of(intent.Status));
        json.WriteNull("transfer_data"u8);
        json.WriteNull("transfer_group"u8);
        json.WriteEndObject();
    }

    // The client secret opens nothing here; it only has the form and is the same in every answer.
    private static void WriteClientSecret(Utf8JsonWriter json, string id)
    {
        Span<char> secret = stackalloc char[(id.Length * 2) + 8];
        id.CopyTo(secret);
        "_secret_".CopyTo(secret[id.Length..]);
        var rest = secret[(id.Length + 8)..];
        for (var at = 0; at < rest.Length; at++) rest[at] = id[id.Length - 1 - at];
        json.WriteString("client_secret"u8, rest.Length > 3 ? secret[..^3] : secret);
    }

    private static void WriteMetadata(Utf8JsonWriter json, PaymentIntent intent)
    {
        json.WriteStartObject("metadata"u8);
        foreach (var (key, value) in intent.Metadata) json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteNextAction(Utf8JsonWriter json, PaymentIntent intent)
    {
        if (intent.AuthenticationUrl is not { } url)
        {
            json.WriteNull("next_action"u8);
            return;
        }

        json.WriteStartObject("next_action"u8);
        json.WriteStartObject("redirect_to_url"u8);
        json.WriteString("return_url"u8, intent.ReturnUrl);
        json.WriteString("url"u8, url);
        json.WriteEndObject();
        json.WriteString("type"u8, "redirect_to_url"u8);
        json.WriteEndObject();
    }

    private static void WritePaymentMethodOptions(Utf8JsonWriter json)
    {
        json.WriteStartObject("payment_method_options"u8);
        json.WriteStartObject("card"u8);
        json.WriteNull("installments"u8);
        json.WriteNull("mandate_options"u8);
        json.WriteNull("network"u8);
        json.WriteString("request_three_d_secure"u8, "automatic"u8);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartArray("payment_method_types"u8);
        json.WriteStringValue("card"u8);
        json.WriteEndArray();
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
