using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.Json;
using OrleansPayments.Silo.Api.Problems;
using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary>What is asked of a payment that exists. Classes and not records: one of them holds a card.</summary>
internal abstract class PaymentOperationRequest
{
    private PaymentOperationRequest()
    {
    }

    /// <summary>Whether it sends a payment that was only created: the one thing that its merchant must be active for.</summary>
    public virtual bool StartsPayment => false;

    /// <summary>What of it the payment as it stands forbids, before the payment is asked; null for nothing.</summary>
    public virtual Problem? Check(PaymentView present, DateTimeOffset now) => null;

    public abstract Task<Outcome<PaymentAnswer>> SendTo(IPaymentGrain payment, RequestIdentity? identity, CardFingerprint cards);

    /// <summary>Everything that was asked; what says no more than the default is left out. Pinned by a test: fingerprints are stored.</summary>
    public abstract void WriteCanonical(Utf8JsonWriter writer);

    /// <summary>The body of <c>POST /payments/{id}/capture</c>.</summary>
    /// <param name="amount">In minor units of the payment's currency, 1 to <see cref="PaymentRequest.MaxAmount"/>; null captures all that is left.</param>
    internal sealed class Capture(long? amount) : PaymentOperationRequest
    {
        public static ImmutableArray<string> Fields { get; } = ["amount"];

        public static Capture Read(JsonElement body, Faults faults) =>
            new(JsonFields.Read(body, "", faults, Fields).OptionalInteger("amount", 1, PaymentRequest.MaxAmount));

        public override Task<Outcome<PaymentAnswer>> SendTo(IPaymentGrain payment, RequestIdentity? identity, CardFingerprint cards) =>
            payment.Capture(new CapturePayment(amount, identity));

        public override void WriteCanonical(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            if (amount is { } units) writer.WriteNumber("amount", units);
            writer.WriteEndObject();
        }
    }

    /// <summary>The body of <c>POST /payments/{id}/cancel</c>.</summary>
    /// <param name="reason">The merchant's own words, at most <see cref="MaxReasonLength"/> characters.</param>
    internal sealed class Cancel(string? reason) : PaymentOperationRequest
    {
        public const int MaxReasonLength = 255;

        public static ImmutableArray<string> Fields { get; } = ["reason"];

        public static Cancel Read(JsonElement body, Faults faults)
        {
            var fields = JsonFields.Read(body, "", faults, Fields);
            return new Cancel(RefuseCardNumber(fields, "reason", fields.OptionalText("reason", MaxReasonLength)));
        }

        public override Task<Outcome<PaymentAnswer>> SendTo(IPaymentGrain payment, RequestIdentity? identity, CardFingerprint cards) =>
            payment.Cancel(new CancelPayment(reason, identity));

        public override void WriteCanonical(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            if (reason is not null) writer.WriteString("reason", reason);
            writer.WriteEndObject();
        }
    }

    /// <summary>The body of <c>POST /payments/{id}/confirm</c>.</summary>
    /// <param name="card">Takes the place of the card that the payment was created with; null keeps that one.</param>
    internal sealed class Confirm(CardDetails? card) : PaymentOperationRequest
    {
        public static ImmutableArray<string> Fields { get; } = [PaymentMethodReader.Name];

        public static Confirm Read(JsonElement body, Faults faults)
        {
            var fields = JsonFields.Read(body, "", faults, Fields);
            return new Confirm(fields.Has(PaymentMethodReader.Name) ? PaymentMethodReader.Read(fields) : null);
        }

        public override bool StartsPayment => true;

        // Only while the payment waits: what was confirmed in time is still answered as it was.
        public override Problem? Check(PaymentView present, DateTimeOffset now)
        {
            if (card is null || present.Status != PaymentStatus.Created) return null;
            if (CardRules.HasExpired(card.ExpiryMonth, card.ExpiryYear, now)) return CardRules.Expired;
            return Shows(present, card.Number)
                ? ProblemCatalogue.InvalidValue.With("A text of the payment contains this card number. Create another payment without it.", "/payment_method/card/number")
                : null;
        }

        public override Task<Outcome<PaymentAnswer>> SendTo(IPaymentGrain payment, RequestIdentity? identity, CardFingerprint cards) =>
            payment.Confirm(new ConfirmPayment(card, card is null ? null : cards.Of(card.Number), identity));

        public override void WriteCanonical(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            if (card is not null) PaymentMethodReader.WriteCanonical(writer, card);
            writer.WriteEndObject();
        }

        private static bool Shows(PaymentView payment, string number)
        {
            IEnumerable<string?> texts =
                [payment.MerchantOrderId, payment.Description, payment.CustomerId, payment.ReturnUrl, .. payment.Metadata.Keys, .. payment.Metadata.Values];
            return texts.Any(text => text?.Contains(number, StringComparison.Ordinal) == true);
        }
    }

    /// <summary>The body of <c>POST /payments/{id}/resolve</c>.</summary>
    /// <param name="reason">How it was found out: 1 to <see cref="MaxReasonLength"/> characters.</param>
    /// <param name="resolvedBy">At most <see cref="MaxNameLength"/> characters; null for the caller.</param>
    /// <param name="connectorReference">The provider's id of the charge that is spoken of, at most <see cref="MaxNameLength"/> characters.</param>
    internal sealed class Resolve(PaymentResolution resolution, string reason, string? resolvedBy, string? connectorReference) : PaymentOperationRequest
    {
        public const int MaxReasonLength = 1000;
        public const int MaxNameLength = 255;

        // Only administrators come here, and their key has no other name.
        private const string Caller = "administrator";

        public static ImmutableArray<string> Fields { get; } = ["resolution", "reason", "resolved_by", "connector_reference"];

        /// <summary>The resolutions by the names that they have in requests and answers.</summary>
        public static FrozenDictionary<string, PaymentResolution> Resolutions { get; } =
            Enum.GetValues<PaymentResolution>().ToFrozenDictionary(NameOf, StringComparer.Ordinal);

        public static Resolve Read(JsonElement body, Faults faults)
        {
            var fields = JsonFields.Read(body, "", faults, Fields);
            if (!Resolutions.TryGetValue(fields.RequiredText("resolution", 255), out var resolution))
            {
                fields.Refuse(ProblemCatalogue.InvalidValue, "resolution", $"The value must be one of: {string.Join(", ", Resolutions.Keys.Order(StringComparer.Ordinal))}.");
            }

            var reason = RefuseCardNumber(fields, "reason", fields.RequiredText("reason", MaxReasonLength));
            var resolvedBy = RefuseCardNumber(fields, "resolved_by", fields.OptionalText("resolved_by", MaxNameLength));
            var connectorReference = RefuseCardNumber(fields, "connector_reference", fields.OptionalText("connector_reference", MaxNameLength));
            return new Resolve(resolution, reason!, resolvedBy, connectorReference);
        }

        public override Task<Outcome<PaymentAnswer>> SendTo(IPaymentGrain payment, RequestIdentity? identity, CardFingerprint cards) =>
            payment.Resolve(new ResolvePayment(resolution, reason, resolvedBy ?? Caller, identity, connectorReference));

        public override void WriteCanonical(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            if (connectorReference is not null) writer.WriteString("connector_reference", connectorReference);
            writer.WriteString("reason", reason);
            writer.WriteString("resolution", NameOf(resolution));
            if (resolvedBy is not null) writer.WriteString("resolved_by", resolvedBy);
            writer.WriteEndObject();
        }

        private static string NameOf(PaymentResolution resolution) =>
            JsonSerializer.SerializeToElement(resolution, ApiJson.Default.PaymentResolution).GetString()!;
    }

    // Free text is stored and shown in clear, and the payment's own number is not known any more to compare with.
    private static string? RefuseCardNumber(JsonFields fields, string name, string? text)
    {
        if (text is not null && CardRules.MayHaveNumber(text)) fields.Refuse(ProblemCatalogue.InvalidValue, name, "The value must not contain a card number.");
        return text;
    }
}
