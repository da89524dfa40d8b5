using System.Net;
using System.Text.Json;

namespace OrleansPayments.Grains.Connectors.Stripe;

// Answers to captures and cancellations. Source: docs.stripe.com/api/payment_intents/capture, /cancel, docs.stripe.com/error-codes.
internal static partial class StripeAnswers
{
    public static OperationResult ToCapture(HttpStatusCode status, byte[] body, CaptureRequest request) =>
        ToOperation(status, body, request.ConnectorReference, intent => FromCaptured(intent, request));

    public static OperationResult ToCancel(HttpStatusCode status, byte[] body, CancelRequest request) =>
        ToOperation(status, body, request.ConnectorReference, intent => FromCanceled(intent, request));

    private static OperationResult ToOperation(HttpStatusCode status, byte[] body, string intentId, Func<JsonElement, OperationResult> read)
    {
        if ((int)status >= 500) return new OperationResult.Unknown("server_error");
        if (status == HttpStatusCode.Conflict) return new OperationResult.Unknown("still_running");
        if (!StripeJson.TryParse(body, out var document)) return new OperationResult.Unknown("malformed_answer");

        using (document)
        {
            var root = document.RootElement;
            if (status != HttpStatusCode.OK) return StripeJson.Child(root, "error") is { } error ? FromOperationError(status, error) : new OperationResult.Unknown("malformed_answer");
            return StripeJson.Text(root, "id") == intentId ? read(root) : new OperationResult.Unknown("contradictory_answer");
        }
    }

    // A capture that was the last leaves nothing to capture; one that was not leaves the charge capturable.
    private static OperationResult FromCaptured(JsonElement intent, CaptureRequest request)
    {
        if (StripeJson.Text(intent, "status") is not ("succeeded" or "requires_capture")) return new OperationResult.Unknown("contradictory_answer");
        if (StripeJson.Number(intent, "amount_received") is not { } received) return new OperationResult.Unknown("malformed_answer");
        if (StripeJson.Text(intent, "currency") != StripeAmount.CurrencyOf(request.Amount)) return new OperationResult.Unknown("contradictory_answer");
        return ToDone(received, request.Amount.Currency);
    }

    private static OperationResult FromCanceled(JsonElement intent, CancelRequest request)
    {
        if (StripeJson.Text(intent, "status") != "canceled") return new OperationResult.Unknown("contradictory_answer");
        if (StripeJson.Number(intent, "amount_received") is not { } received) return new OperationResult.Unknown("malformed_answer");
        if (StripeJson.Text(intent, "currency") != StripeAmount.CurrencyOf(request.Amount)) return new OperationResult.Unknown("contradictory_answer");
        return ToDone(received, request.Amount.Currency);
    }

    private static OperationResult ToDone(long received, Currency currency) =>
        StripeAmount.TryToMoney(received, currency, out var captured) ? new OperationResult.Done(captured) : new OperationResult.Unknown("contradictory_answer");

    private static OperationResult FromOperationError(HttpStatusCode status, JsonElement error)
    {
        var type = StripeJson.Text(error, "type");
        var code = StripeJson.Text(error, "code");
        if (type == "idempotency_error") return new OperationResult.Unknown("idempotency_conflict");
        return status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new OperationResult.NotSent(StripeErrors.CredentialsRefused(code)),
            HttpStatusCode.TooManyRequests => new OperationResult.NotSent(StripeErrors.RateLimited(code)),
            HttpStatusCode.BadRequest or HttpStatusCode.PaymentRequired when type is "invalid_request_error" or "card_error" =>
                new OperationResult.Refused(StripeErrors.OperationRefused(code)),

            // Another base URL or another account's key, say: it proves nothing of a charge that Stripe itself gave this id.
            _ => new OperationResult.Unknown("unexpected_status"),
        };
    }
}
