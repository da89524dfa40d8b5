using System.Diagnostics;
using System.Text.Json;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>The protocol's objects (docs.stripe.com/api/payment_intents/object, /charges/object, /refunds/object, /webhook_endpoints/object).</summary>
internal static partial class StripeJson
{
    public static void Write(Utf8JsonWriter json, IStripeObject item, bool expandCharge = false)
    {
        switch (item)
        {
            case PaymentIntent intent:
                WriteIntent(json, intent, expandCharge);
                break;
            case ChargeOfIntent charge:
                WriteCharge(json, charge.Charge, charge.Intent);
                break;
            case StripeRefund refund:
                WriteRefund(json, refund);
                break;
            case WebhookEndpoint endpoint:
                WriteEndpoint(json, endpoint);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static void WriteIntent(Utf8JsonWriter json, PaymentIntent intent, bool expandCharge)
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
        WriteSeconds(json, "canceled_at"u8, intent.CanceledAt);
        json.WriteString("cancellation_reason"u8, intent.CancellationReason);
        json.WriteString("capture_method"u8, StripeNames.Of(intent.CaptureMethod));
        json.WriteString("client_secret"u8, intent.ClientSecret);
        json.WriteString("confirmation_method"u8, "automatic"u8);
        WriteSeconds(json, "created"u8, intent.Created);
        json.WriteString("currency"u8, intent.Currency);
        json.WriteString("customer"u8, intent.Customer);
        json.WriteString("description"u8, intent.Description);
        json.WritePropertyName("last_payment_error"u8);
        if (intent.LastPaymentError is { } error) WriteError(json, error, intent: null);
        else json.WriteNullValue();
        if (expandCharge && intent.LatestCharge is { } charge)
        {
            json.WritePropertyName("latest_charge"u8);
            WriteCharge(json, charge, intent);
        }
        else
        {
            json.WriteString("latest_charge"u8, intent.LatestCharge?.Id);
        }

        json.WriteBoolean("livemode"u8, false);
        WriteMetadata(json, intent.Metadata);
        WriteNextAction(json, intent);
        json.WriteNull("on_behalf_of"u8);
        json.WriteString("payment_method"u8, intent.Card?.PaymentMethodId);
        WritePaymentMethodOptions(json, intent);
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

    private static void WriteMetadata(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        json.WriteStartObject("metadata"u8);
        foreach (var (key, value) in metadata) json.WriteString(key, value);
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

    private static void WritePaymentMethodOptions(Utf8JsonWriter json, PaymentIntent intent)
    {
        json.WriteStartObject("payment_method_options"u8);
        json.WriteStartObject("card"u8);
        json.WriteNull("installments"u8);
        json.WriteNull("mandate_options"u8);
        json.WriteNull("network"u8);
        if (intent.Multicapture) json.WriteString("request_multicapture"u8, "if_available"u8);
        json.WriteString("request_three_d_secure"u8, "automatic"u8);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartArray("payment_method_types"u8);
        json.WriteStringValue("card"u8);
        json.WriteEndArray();
    }

    // What was released uncaptured counts as refunded here, as it does at Stripe.
    private static void WriteCharge(Utf8JsonWriter json, StripeCharge charge, PaymentIntent intent)
    {
        var givenBack = charge.AmountReleased + charge.AmountRefunded;
        json.WriteStartObject();
        json.WriteString("id"u8, charge.Id);
        json.WriteString("object"u8, "charge"u8);
        json.WriteNumber("amount"u8, charge.Amount);
        json.WriteNumber("amount_captured"u8, charge.AmountCaptured);
        json.WriteNumber("amount_refunded"u8, givenBack);
        json.WriteBoolean("captured"u8, charge.AmountCaptured > 0);
        WriteSeconds(json, "created"u8, charge.Created);
        json.WriteString("currency"u8, intent.Currency);
        json.WriteString("customer"u8, intent.Customer);
        json.WriteString("description"u8, intent.Description);
        json.WriteBoolean("disputed"u8, false);
        json.WriteString("failure_code"u8, charge.Decline?.Code);
        json.WriteString("failure_message"u8, charge.Decline?.Message);
        json.WriteBoolean("livemode"u8, false);
        WriteMetadata(json, intent.Metadata);
        json.WriteBoolean("paid"u8, charge.Outcome == ChargeOutcome.Succeeded);
        json.WriteString("payment_intent"u8, intent.Id);
        json.WriteString("payment_method"u8, charge.Card.PaymentMethodId);
        WritePaymentMethodDetails(json, charge);
        json.WriteBoolean("refunded"u8, givenBack == charge.Amount);
        json.WriteString("status"u8, StripeNames.Of(charge.Outcome));
        json.WriteEndObject();
    }

    private static void WritePaymentMethodDetails(Utf8JsonWriter json, StripeCharge charge)
    {
        json.WriteStartObject("payment_method_details"u8);
        json.WriteStartObject("card"u8);
        json.WriteNumber("amount_authorized"u8, charge.Amount);
        json.WriteString("brand"u8, charge.Card.Brand);
        if (charge.CaptureBefore is { } end) WriteSeconds(json, "capture_before"u8, end);
        json.WriteNumber("exp_month"u8, charge.Card.ExpMonth);
        json.WriteNumber("exp_year"u8, charge.Card.ExpYear);
        json.WriteString("fingerprint"u8, charge.Card.Fingerprint);
        json.WriteString("last4"u8, charge.Card.Last4);
        json.WriteStartObject("multicapture"u8);
        json.WriteString("status"u8, charge.Multicapture ? "available"u8 : "unavailable"u8);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("type"u8, "card"u8);
        json.WriteEndObject();
    }

    private static void WriteRefund(Utf8JsonWriter json, StripeRefund refund)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, refund.Id);
        json.WriteString("object"u8, "refund"u8);
        json.WriteNumber("amount"u8, refund.Amount);
        json.WriteNull("balance_transaction"u8);
        json.WriteString("charge"u8, refund.Charge);
        WriteSeconds(json, "created"u8, refund.Created);
        json.WriteString("currency"u8, refund.Currency);
        if (refund.Status == RefundStatus.Failed) json.WriteString("failure_reason"u8, "unknown"u8);
        WriteMetadata(json, refund.Metadata);
        json.WriteString("payment_intent"u8, refund.Intent);
        json.WriteString("reason"u8, refund.Reason);
        json.WriteNull("receipt_number"u8);
        json.WriteString("status"u8, StripeNames.Of(refund.Status));
        json.WriteEndObject();
    }

    private static void WriteEndpoint(Utf8JsonWriter json, WebhookEndpoint endpoint)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, endpoint.Id);
        json.WriteString("object"u8, "webhook_endpoint"u8);
        if (endpoint.Deleted)
        {
            json.WriteBoolean("deleted"u8, true);
            json.WriteEndObject();
            return;
        }

        json.WriteString("api_version"u8, endpoint.ApiVersion);
        json.WriteNull("application"u8);
        WriteSeconds(json, "created"u8, endpoint.Created);
        json.WriteString("description"u8, endpoint.Description);
        json.WriteStartArray("enabled_events"u8);
        foreach (var type in endpoint.EnabledEvents) json.WriteStringValue(type);
        json.WriteEndArray();
        json.WriteBoolean("livemode"u8, false);
        WriteMetadata(json, endpoint.Metadata);
        if (endpoint.Secret is { } secret) json.WriteString("secret"u8, secret);
        json.WriteString("status"u8, "enabled"u8);
        json.WriteString("url"u8, endpoint.Url);
        json.WriteEndObject();
    }

    private static void WriteSeconds(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? time)
    {
        if (time is { } known) json.WriteNumber(name, known.ToUnixTimeSeconds());
        else json.WriteNull(name);
    }
}
