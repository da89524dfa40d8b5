using System.Net;
using System.Text.Json;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Connectors.Stripe;

/// <summary>
/// Reads Stripe's answers. Only an answer that is whole and agrees with what was asked decides anything; everything else is
/// <see cref="ChargeResult.Unknown"/>.
/// </summary>
internal static partial class StripeAnswers
{
    /// <summary>The answer to create-and-confirm.</summary>
    public static ChargeResult ToCharge(HttpStatusCode status, byte[] body, AttemptReference reference, Money asked, CaptureMethod captureMethod)
    {
        if ((int)status >= 500) return new ChargeResult.Unknown("server_error");
        if (status == HttpStatusCode.Conflict) return new ChargeResult.Unknown("still_running");
        if (!TryParse(body, out var document)) return new ChargeResult.Unknown("malformed_answer");

        using (document)
        {
            if (status == HttpStatusCode.OK) return FromIntent(document.RootElement, reference, asked, captureMethod);
            return Child(document.RootElement, "error") is { } error ? FromError(status, error) : new ChargeResult.Unknown("malformed_answer");
        }
    }

    /// <summary>The answer to a look-up by Stripe's own id.</summary>
    public static ChargeResult ToRetrieve(HttpStatusCode status, byte[] body, ChargeInquiry inquiry)
    {
        // Stripe gave this id itself: that it knows it no more proves nothing.
        if (status != HttpStatusCode.OK) return new ChargeResult.Unknown("inquiry_refused");
        if (!TryParse(body, out var document)) return new ChargeResult.Unknown("malformed_answer");

        using (document) return FromIntent(document.RootElement, inquiry.Reference, inquiry.Amount, inquiry.CaptureMethod);
    }

    /// <summary>The answer to a search by the attempt's reference.</summary>
    public static ChargeResult ToSearch(HttpStatusCode status, byte[] body, ChargeInquiry inquiry)
    {
        if (status != HttpStatusCode.OK) return new ChargeResult.Unknown("inquiry_refused");
        if (!TryParse(body, out var document)) return new ChargeResult.Unknown("malformed_answer");

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("data", out var found)
                || found.ValueKind != JsonValueKind.Array)
            {
                return new ChargeResult.Unknown("malformed_answer");
            }

            return found.GetArrayLength() switch
            {
                0 => new ChargeResult.NotFound(),
                1 => FromIntent(found[0], inquiry.Reference, inquiry.Amount, inquiry.CaptureMethod),
                _ => new ChargeResult.Unknown("contradictory_answer"),
            };
        }
    }

    private static ChargeResult FromIntent(JsonElement intent, AttemptReference reference, Money asked, CaptureMethod captureMethod)
    {
        if (Text(intent, "id") is not { Length: > 0 } id) return new ChargeResult.Unknown("malformed_answer");
        if (!Agrees(intent, reference, asked)) return new ChargeResult.Unknown("contradictory_answer");

        switch (Text(intent, "status"))
        {
            case "succeeded" when captureMethod == CaptureMethod.Automatic:
                return FromSucceeded(intent, id, asked);
            case "requires_capture" when captureMethod != CaptureMethod.Automatic:
                return FromHeld(intent, id, asked);
            case "requires_payment_method" when Child(intent, "last_payment_error") is { } error:
                return new ChargeResult.Declined(StripeErrors.FromDecline(Text(error, "code"), Text(error, "decline_code"), Text(error, "advice_code")), id);
            case "canceled":
                return new ChargeResult.Declined(StripeErrors.Canceled, id);
            case "processing" or "requires_confirmation" or "requires_action":
                return new ChargeResult.Pending(id);
            default:
                return new ChargeResult.Unknown("contradictory_answer");
        }
    }

    private static ChargeResult FromSucceeded(JsonElement intent, string id, Money asked)
    {
        if (Number(intent, "amount_received") is not { } received) return new ChargeResult.Unknown("malformed_answer");
        var captured = StripeAmount.ToMoney(received, asked.Currency);
        return captured == asked ? new ChargeResult.Approved(id, captured) : new ChargeResult.Unknown("contradictory_answer");
    }

    private static ChargeResult FromHeld(JsonElement intent, string id, Money asked)
    {
        if (Number(intent, "amount_capturable") is not { } capturable) return new ChargeResult.Unknown("malformed_answer");
        var held = StripeAmount.ToMoney(capturable, asked.Currency);
        return held == asked ? new ChargeResult.Authorized(id, held) : new ChargeResult.Unknown("contradictory_answer");
    }

    // Amount, currency and our own reference come back as they were sent, or the answer is about something else.
    private static bool Agrees(JsonElement intent, AttemptReference reference, Money asked)
    {
        if (!StripeAmount.TryFrom(asked, out var amount)) return false;
        if (Number(intent, "amount") != amount) return false;
        if (Text(intent, "currency") != StripeAmount.CurrencyOf(asked)) return false;
        return Child(intent, "metadata") is { } metadata && Text(metadata, "attempt") == reference.ToString();
    }

    private static ChargeResult FromError(HttpStatusCode status, JsonElement error)
    {
        var type = Text(error, "type");
        var code = Text(error, "code");

        // An earlier request with this key had other parameters (another security code, say): what became of it, this answer does not say.
        if (type == "idempotency_error") return new ChargeResult.Unknown("idempotency_conflict");
        if (type == "card_error")
        {
            var reference = Child(error, "payment_intent") is { } intent ? Text(intent, "id") : null;
            return new ChargeResult.Declined(StripeErrors.FromDecline(code, Text(error, "decline_code"), Text(error, "advice_code")), reference);
        }

        return status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new ChargeResult.Rejected(StripeErrors.CredentialsRefused(code)),
            HttpStatusCode.TooManyRequests => new ChargeResult.Rejected(StripeErrors.RateLimited(code)),
            HttpStatusCode.BadRequest or HttpStatusCode.NotFound when type == "invalid_request_error" =>
                new ChargeResult.Rejected(StripeErrors.RequestRefused(code)),
            _ => new ChargeResult.Unknown("unexpected_status"),
        };
    }

    private static bool TryParse(byte[] body, out JsonDocument document)
    {
        try
        {
            document = JsonDocument.Parse(body);
            return true;
        }
        catch (JsonException)
        {
            document = null!;
            return false;
        }
    }

    private static JsonElement? Child(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var child) && child.ValueKind == JsonValueKind.Object ? child : null;

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var child) && child.ValueKind == JsonValueKind.String
            ? child.GetString()
            : null;

    private static long? Number(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var child) && child.ValueKind == JsonValueKind.Number
        && child.TryGetInt64(out var number)
            ? number
            : null;
}
