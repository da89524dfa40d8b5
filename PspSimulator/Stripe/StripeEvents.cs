namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>Which events tell of a change (docs.stripe.com/api/events/types).</summary>
internal static class StripeEvents
{
    /// <summary>The events between two states of an intent, in the order Stripe sends them.</summary>
    /// <param name="before">Null for a new intent.</param>
    public static IEnumerable<(string Type, IStripeObject Subject)> Between(PaymentIntent? before, PaymentIntent after)
    {
        if (before is null)
        {
            // The state before its first attempt, whatever the same call went on to do.
            before = after with
            {
                Status = after.Card is null ? PaymentIntentStatus.RequiresPaymentMethod : PaymentIntentStatus.RequiresConfirmation,
                LatestCharge = null,
                AmountReceived = 0,
                AmountCapturable = 0,
                LastPaymentError = null,
                AuthenticationUrl = null,
            };
            yield return ("payment_intent.created", before);
        }

        if (OfCharge(before, after) is { } ofCharge) yield return (ofCharge, new ChargeOfIntent(after.LatestCharge!, after));
        if (OfIntent(before, after) is { } ofIntent) yield return (ofIntent, after);
    }

    /// <summary>The events of a refund's first state, or of a later one.</summary>
    public static IEnumerable<string> OfRefund(StripeRefund? before, StripeRefund after)
    {
        if (before is null)
        {
            yield return "refund.created";
            yield break;
        }

        yield return "refund.updated";
        yield return "charge.refund.updated";
        if (after.Status == RefundStatus.Failed) yield return "refund.failed";
    }

    private static string? OfCharge(PaymentIntent before, PaymentIntent after)
    {
        if (after.LatestCharge is not { } charge) return null;
        if (before.LatestCharge is not { } earlier || earlier.Id != charge.Id || earlier.Outcome != charge.Outcome)
            return "charge." + StripeNames.Of(charge.Outcome);
        if (charge.AmountRefunded > earlier.AmountRefunded) return "charge.refunded";
        if (charge.AmountRefunded < earlier.AmountRefunded) return "charge.updated";

        // One of several captures updates the charge; only the last one makes it captured.
        if (charge.AmountCaptured > earlier.AmountCaptured) return after.Status == PaymentIntentStatus.Succeeded ? "charge.captured" : "charge.updated";
        if (charge.AmountReleased == earlier.AmountReleased) return null;
        if (after.Status == PaymentIntentStatus.Succeeded) return "charge.captured";
        return after.CancellationReason == "automatic" ? "charge.expired" : "charge.refunded";
    }

    private static string? OfIntent(PaymentIntent before, PaymentIntent after)
    {
        if (after.LastPaymentError is { } error && error != before.LastPaymentError) return "payment_intent.payment_failed";
        if (after.Status == PaymentIntentStatus.RequiresCapture && after.AmountCapturable != before.AmountCapturable)
            return "payment_intent.amount_capturable_updated";
        if (after.Status == before.Status) return null;
        return after.Status switch
        {
            PaymentIntentStatus.RequiresAction => "payment_intent.requires_action",
            PaymentIntentStatus.Processing => "payment_intent.processing",
            PaymentIntentStatus.Succeeded => "payment_intent.succeeded",
            PaymentIntentStatus.Canceled => "payment_intent.canceled",
            _ => null,
        };
    }
}
