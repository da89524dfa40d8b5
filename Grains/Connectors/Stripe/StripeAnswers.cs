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
        if (!StripeJson.TryParse(body, out var document)) return new ChargeResult.Unknown("malformed_answer");

        using (document)
        {
            if (status == HttpStatusCode.OK) return FromIntent(document.RootElement, reference, asked, captureMethod);
            return StripeJson.Child(document.RootElement, "error") is { } error
                ? FromError(status, error, reference, asked, captureMethod)
                : new ChargeResult.Unknown("malformed_answer");
        }
    }

    /// <summary>The answer to a look-up by Stripe's own id.</summary>
    public static ChargeResult ToRetrieve(HttpStatusCode status, byte[] body, ChargeInquiry inquiry)
    {
        // Stripe gave this id itself: that it knows it no more proves nothing.
        if (status != HttpStatusCode.OK) return new ChargeResult.Unknown("inquiry_refused");
        if (!StripeJson.TryParse(body, out var document)) return new ChargeResult.Unknown("malformed_answer");

        using (document) return FromIntent(document.RootElement, inquiry.Reference, inquiry.Amount, inquiry.CaptureMethod);
    }

    /// <summary>The answer to a search by the attempt's reference.</summary>
    public static ChargeResult ToSearch(HttpStatusCode status, byte[] body, ChargeInquiry inquiry)
    {
        if (status != HttpStatusCode.OK) return new ChargeResult.Unknown("inquiry_refused");
        if (!StripeJson.TryParse(body, out var document)) return new ChargeResult.Unknown("malformed_answer");

        using (document)
        {
            if (StripeJson.List(document.RootElement, "data") is not { } found) return new ChargeResult.Unknown("malformed_answer");
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
        if (StripeJson.Text(intent, "id") is not { Length: > 0 } id) return new ChargeResult.Unknown("malformed_answer");
        if (!Agrees(intent, reference, asked)) return new ChargeResult.Unknown("contradictory_answer");

        switch (StripeJson.Text(intent, "status"))
        {
            case "succeeded" when captureMethod == CaptureMethod.Automatic:
                return FromSucceeded(intent, id, asked);
            case "requires_capture" when captureMethod != CaptureMethod.Automatic:
                return FromHeld(intent, id, asked);
            case "requires_payment_method" when StripeErrors.LastOf(intent) is { } error:
                return new ChargeResult.Declined(error, id);
            case "canceled":
                return new ChargeResult.Declined(StripeErrors.Canceled, id);
            case "requires_action":
                return FromRequiresAction(intent, id);
            case "processing" or "requires_confirmation":
                return new ChargeResult.Pending(id);
            default:
                return new ChargeResult.Unknown("contradictory_answer");
        }
    }

    private static ChargeResult FromSucceeded(JsonElement intent, string id, Money asked)
    {
        if (StripeJson.Number(intent, "amount_received") is not { } received) return new ChargeResult.Unknown("malformed_answer");
        return IsExactly(asked, received) ? new ChargeResult.Approved(id, asked) : new ChargeResult.Unknown("contradictory_answer");
    }

    private static ChargeResult FromHeld(JsonElement intent, string id, Money asked)
    {
        if (StripeJson.Number(intent, "amount_capturable") is not { } capturable) return new ChargeResult.Unknown("malformed_answer");
        return IsExactly(asked, capturable) ? new ChargeResult.Authorized(id, asked) : new ChargeResult.Unknown("contradictory_answer");
    }

    private static ChargeResult FromRequiresAction(JsonElement intent, string id)
    {
        if (!StripeNextAction.TryRead(intent, out var action)) return new ChargeResult.Unknown("contradictory_answer");
        return action is null ? new ChargeResult.Pending(id) : new ChargeResult.ActionRequired(id, action);
    }

    // Amount, currency and our own reference come back as they were sent, or the answer is about something else.
    private static bool Agrees(JsonElement intent, AttemptReference reference, Money asked)
    {
        if (StripeJson.Number(intent, "amount") is not { } amount || !IsExactly(asked, amount)) return false;
        if (StripeJson.Text(intent, "currency") != StripeAmount.CurrencyOf(asked)) return false;
        return StripeJson.Child(intent, "metadata") is { } metadata && StripeJson.Text(metadata, "attempt") == reference.ToString();
    }

    private static bool IsExactly(Money asked, long amount) => StripeAmount.TryFrom(asked, out var expected) && amount == expected;

    private static ChargeResult FromError(HttpStatusCode status, JsonElement error, AttemptReference reference, Money asked, CaptureMethod captureMethod)
    {
        var type = StripeJson.Text(error, "type");
        var code = StripeJson.Text(error, "code");

        // An earlier request with this key had other parameters (another security code, say): what became of it, this answer does not say.
        if (type == "idempotency_error") return new ChargeResult.Unknown("idempotency_conflict");

        // A refusal whose intent went on all the same is none: another connector would charge it again. The intent counts as it would in a look-up.
        var intent = StripeJson.Child(error, "payment_intent");
        if (intent is { } shown && StripeJson.Text(shown, "status") is "succeeded" or "requires_capture" or "processing" or "requires_action")
            return FromIntent(shown, reference, asked, captureMethod);
        if (type == "card_error") return new ChargeResult.Declined(StripeErrors.FromDecline(error), intent is { } declined ? StripeJson.Text(declined, "id") : null);

        return status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new ChargeResult.Rejected(StripeErrors.CredentialsRefused(code)),

            // With another code (lock_timeout) it was let in, and met something else that is done to its objects.
            HttpStatusCode.TooManyRequests when code is null or "rate_limit" => new ChargeResult.Rejected(StripeErrors.RateLimited(code)),
            HttpStatusCode.BadRequest or HttpStatusCode.NotFound when type == "invalid_request_error" =>
                new ChargeResult.Rejected(StripeErrors.RequestRefused(code)),
            _ => new ChargeResult.Unknown("unexpected_status"),
        };
    }
}
