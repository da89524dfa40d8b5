using System.Net;
using System.Text.Json;

namespace OrleansPayments.Grains.Connectors.Stripe;

// Answers about refunds. Source: docs.stripe.com/api/refunds, docs.stripe.com/refunds, docs.stripe.com/error-codes.
internal static partial class StripeAnswers
{
    /// <summary>The metadata key that a refund carries its reference under.</summary>
    public const string RefundKey = "refund";

    public static RefundResult ToRefund(HttpStatusCode status, byte[] body, RefundRequest request)
    {
        if ((int)status >= 500) return new RefundResult.Unknown("server_error");
        if (status == HttpStatusCode.Conflict) return new RefundResult.Unknown("still_running");
        if (!StripeJson.TryParse(body, out var document)) return new RefundResult.Unknown("malformed_answer");

        using (document)
        {
            var root = document.RootElement;
            if (status == HttpStatusCode.OK) return FromRefund(root, request.Reference, request.ConnectorReference, request.Amount);
            return StripeJson.Child(root, "error") is { } error ? FromRefundError(status, error) : new RefundResult.Unknown("malformed_answer");
        }
    }

    /// <summary>The answer to a look-up by Stripe's own id.</summary>
    public static RefundResult ToFoundRefund(HttpStatusCode status, byte[] body, RefundInquiry inquiry)
    {
        // As for a charge: Stripe gave this id itself.
        if (status != HttpStatusCode.OK) return new RefundResult.Unknown("inquiry_refused");
        if (!StripeJson.TryParse(body, out var document)) return new RefundResult.Unknown("malformed_answer");

        using (document)
        {
            return StripeJson.Text(document.RootElement, "id") == inquiry.RefundReference
                ? FromRefund(document.RootElement, inquiry.Reference, inquiry.ConnectorReference, inquiry.Amount)
                : new RefundResult.Unknown("contradictory_answer");
        }
    }

    /// <summary>One page of an intent's refunds, newest first.</summary>
    /// <param name="next">The refund that the next page starts after; null when this is the last page, or unreadable.</param>
    public static RefundResult ToRefundPage(HttpStatusCode status, byte[] body, RefundInquiry inquiry, out string? next)
    {
        next = null;
        if (status != HttpStatusCode.OK) return new RefundResult.Unknown("inquiry_refused");
        if (!StripeJson.TryParse(body, out var document)) return new RefundResult.Unknown("malformed_answer");

        using (document)
        {
            if (StripeJson.List(document.RootElement, "data") is not { } refunds) return new RefundResult.Unknown("malformed_answer");
            if (StripeJson.Flag(document.RootElement, "has_more") is not { } hasMore) return new RefundResult.Unknown("malformed_answer");

            var reference = inquiry.Reference.ToString();
            RefundResult found = new RefundResult.NotFound();
            string? last = null;
            foreach (var refund in refunds.EnumerateArray())
            {
                last = StripeJson.Name(refund, "id");
                if (last is null) return new RefundResult.Unknown("malformed_answer");

                // Somebody may give back by hand what we know nothing of.
                if (StripeJson.Child(refund, "metadata") is not { } metadata || StripeJson.Text(metadata, RefundKey) != reference) continue;
                if (found is not RefundResult.NotFound) return new RefundResult.Unknown("contradictory_answer");
                found = FromRefund(refund, inquiry.Reference, inquiry.ConnectorReference, inquiry.Amount);
            }

            if (hasMore && last is null) return new RefundResult.Unknown("malformed_answer");
            next = hasMore ? last : null;
            return found;
        }
    }

    private static RefundResult FromRefund(JsonElement refund, OperationReference reference, string intent, Money asked)
    {
        if (StripeJson.Name(refund, "id") is not { } id) return new RefundResult.Unknown("malformed_answer");
        if (!AgreesWithRefund(refund, reference, intent, asked)) return new RefundResult.Unknown("contradictory_answer");

        return StripeJson.Text(refund, "status") switch
        {
            "succeeded" => new RefundResult.Succeeded(id, asked),

            // requires_action waits for the payer, or for the merchant's balance.
            "pending" or "requires_action" => new RefundResult.Pending(id),
            "failed" => new RefundResult.Failed(StripeErrors.RefundFailed(StripeJson.Name(refund, "failure_reason")), id),
            "canceled" => new RefundResult.Failed(StripeErrors.RefundCanceled(StripeJson.Name(refund, "failure_reason")), id),
            _ => new RefundResult.Unknown("contradictory_answer"),
        };
    }

    private static bool AgreesWithRefund(JsonElement refund, OperationReference reference, string intent, Money asked)
    {
        if (StripeJson.Number(refund, "amount") is not { } amount || !IsExactly(asked, amount)) return false;
        if (StripeJson.Text(refund, "currency") != StripeAmount.CurrencyOf(asked)) return false;
        if (StripeJson.Text(refund, "payment_intent") != intent) return false;
        return StripeJson.Child(refund, "metadata") is { } metadata && StripeJson.Text(metadata, RefundKey) == reference.ToString();
    }

    private static RefundResult FromRefundError(HttpStatusCode status, JsonElement error)
    {
        var type = StripeJson.Text(error, "type");
        var code = StripeJson.Text(error, "code");
        if (type == "idempotency_error") return new RefundResult.Unknown("idempotency_conflict");
        return status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new RefundResult.NotSent(StripeErrors.CredentialsRefused(code)),
            HttpStatusCode.TooManyRequests => new RefundResult.NotSent(StripeErrors.RateLimited(code)),
            HttpStatusCode.BadRequest or HttpStatusCode.PaymentRequired when type is "invalid_request_error" or "card_error" =>
                new RefundResult.Refused(StripeErrors.RefundRefused(code)),

            // As for a capture: another base URL or another account's key proves nothing.
            _ => new RefundResult.Unknown("unexpected_status"),
        };
    }
}
