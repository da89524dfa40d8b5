using System.Text.Json;
using OrleansPayments.Connectors;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Connectors.Stripe;

/// <summary>Reads Stripe's events whose signature was verified. Never throws.</summary>
/// <remarks>
/// Source: docs.stripe.com/api/events/object, /events/types, /charges/object. An event holds the object as it was then, in the API version of the webhook endpoint;
/// only members that are the same in all versions since 2020 are read.
/// </remarks>
internal static class StripeEvents
{
    private const string IntentPrefix = "payment_intent.";

    // In the place of an event's id and type.
    private const string Asked = "inquiry";

    public static CallbackReading Read(ConnectorName connector, ReadOnlyMemory<byte> body)
    {
        if (!StripeJson.TryParse(body, out var document)) return new CallbackReading.Malformed("malformed_event");

        using (document)
        {
            var root = document.RootElement;
            if (StripeJson.Name(root, "id") is not { } id || StripeJson.Name(root, "type") is not { } type) return new CallbackReading.Malformed("malformed_event");
            if (!type.StartsWith(IntentPrefix, StringComparison.Ordinal) && !DecidesByItself(type)) return new CallbackReading.Ignored(type);
            if (StripeJson.Child(root, "data") is not { } data || StripeJson.Child(data, "object") is not { } subject) return new CallbackReading.Malformed("malformed_event");
            if (OwnerOf(subject) is not { } attempt) return new CallbackReading.Ignored(type);

            var happened = new Happened(connector, id, type, attempt, subject);
            return type.StartsWith(IntentPrefix, StringComparison.Ordinal) ? FromIntent(happened) : FromCharge(happened);
        }
    }

    /// <summary>An intent that was asked for, as an event would tell it; null for one that is not ours or makes no sense.</summary>
    public static ChargeNotice? ReadIntent(ConnectorName connector, ReadOnlyMemory<byte> body)
    {
        if (!StripeJson.TryParse(body, out var document)) return null;

        using (document)
        {
            if (OwnerOf(document.RootElement) is not { } attempt) return null;
            return FromIntent(new Happened(connector, Asked, Asked, attempt, document.RootElement)) is CallbackReading.About about ? about.Notice : null;
        }
    }

    // The charge is part of an intent, whose own events say more: why it was declined, whether the rest is held or given back. Of the charge's events those are read
    // that end something by themselves. charge.failed does not: the issuer may have asked for authentication, and the intent goes on. Nor do charge.pending, which
    // decides nothing, and charge.updated, which tells of descriptions too and of captures only a part. charge.refunded, charge.refund.updated and charge.dispute.*
    // tell of what comes after the charge.
    private static bool DecidesByItself(string type) => type is "charge.succeeded" or "charge.captured" or "charge.expired";

    // Null for an object that is not ours: others may use the account too. Stripe copies an intent's metadata to its charges.
    private static AttemptReference? OwnerOf(JsonElement subject)
    {
        if (StripeJson.Child(subject, "metadata") is not { } metadata) return null;
        if (!AttemptReference.TryParse(StripeJson.Text(metadata, "attempt"), out var attempt)) return null;
        return StripeJson.Text(metadata, "payment_id") == attempt.PaymentId.Value ? attempt : null;
    }

    private static CallbackReading FromIntent(Happened happened)
    {
        var intent = happened.Subject;
        if (StripeJson.Name(intent, "id") is not { } id) return new CallbackReading.Malformed("malformed_event");
        if (AmountOf(intent) is not { } amount) return new CallbackReading.Malformed("malformed_amount");
        if (MoneyOf(intent, "amount_received", amount.Currency) is not { } received) return new CallbackReading.Malformed("malformed_amount");

        var taken = received.MinorUnits > 0;
        switch (StripeJson.Text(intent, "status"))
        {
            case "succeeded" when taken:
                return happened.About(id, ChargeStatus.Captured, amount, received);
            case "requires_capture":
                return happened.About(id, ChargeStatus.Authorized, amount, received);
            case "canceled":
                return happened.About(id, ChargeStatus.Cancelled, amount, received);
            case "requires_payment_method" when !taken:
                // Without an error it is the intent before its first attempt: its creation has an event of its own.
                var error = StripeErrors.LastOf(intent);
                return happened.About(id, error is null ? ChargeStatus.Pending : ChargeStatus.Declined, amount, received, error);
            case "requires_action" when !taken && StripeNextAction.TryRead(intent, out var action):
                return happened.About(id, action is null ? ChargeStatus.Pending : ChargeStatus.ActionRequired, amount, received, action: action);
            case "processing" or "requires_confirmation" when !taken:
                return happened.About(id, ChargeStatus.Pending, amount, received);
            default:
                return new CallbackReading.Malformed("contradictory_event");
        }
    }

    private static CallbackReading FromCharge(Happened happened)
    {
        var charge = happened.Subject;

        // Made without an intent, and so not by us.
        if (StripeJson.Name(charge, "payment_intent") is not { } intent) return new CallbackReading.Ignored(happened.Type);
        if (AmountOf(charge) is not { } amount) return new CallbackReading.Malformed("malformed_amount");
        if (MoneyOf(charge, "amount_captured", amount.Currency) is not { } captured) return new CallbackReading.Malformed("malformed_amount");
        if (StripeJson.Text(charge, "status") != "succeeded" || StripeJson.Flag(charge, "captured") is not { } isCaptured || isCaptured != captured.MinorUnits > 0)
        {
            return new CallbackReading.Malformed("contradictory_event");
        }

        return happened.Type switch
        {
            "charge.expired" when !isCaptured => happened.About(intent, ChargeStatus.Cancelled, amount, captured),
            "charge.succeeded" when !isCaptured => happened.About(intent, ChargeStatus.Authorized, amount, captured),
            "charge.succeeded" or "charge.captured" when captured == amount => happened.About(intent, ChargeStatus.Captured, amount, captured),

            // Captured in part: whether the rest is held or given back, only the intent knows.
            _ => new CallbackReading.Ignored(happened.Type),
        };
    }

    private static Money? AmountOf(JsonElement subject) =>
        Currency.TryParse(StripeJson.Text(subject, "currency")?.ToUpperInvariant(), out var currency)
        && MoneyOf(subject, "amount", currency) is { MinorUnits: > 0 } amount
            ? amount
            : null;

    private static Money? MoneyOf(JsonElement subject, string name, Currency currency) =>
        StripeJson.Number(subject, name) is { } number && StripeAmount.TryToMoney(number, currency, out var money) ? money : null;

    /// <summary>An event about an attempt of ours, before it is read.</summary>
    private readonly record struct Happened(ConnectorName Connector, string Id, string Type, AttemptReference Attempt, JsonElement Subject)
    {
        public CallbackReading.About About(
            string intent, ChargeStatus status, Money amount, Money captured, PaymentError? error = null, NextAction? action = null) =>
            new(
                Attempt.PaymentId, new ChargeNotice(Id, Type, Connector, Attempt.Attempt, intent, status, amount, captured, error, action));
    }
}
