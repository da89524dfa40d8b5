using System.Collections.Immutable;
using System.Text.Json;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Api.Json;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary>What is asked of a payment that exists.</summary>
internal abstract record PaymentOperationRequest
{
    private PaymentOperationRequest()
    {
    }

    public abstract Task<Outcome<PaymentAnswer>> SendTo(IPaymentGrain payment, RequestIdentity? identity);

    /// <summary>Everything that was asked; what says no more than the default is left out. Pinned by a test: fingerprints are stored.</summary>
    public abstract void WriteCanonical(Utf8JsonWriter writer);

    /// <summary>The body of <c>POST /payments/{id}/capture</c>.</summary>
    /// <param name="Amount">In minor units of the payment's currency, 1 to <see cref="PaymentRequest.MaxAmount"/>; null captures all that is left.</param>
    internal sealed record Capture(long? Amount) : PaymentOperationRequest
    {
        public static ImmutableArray<string> Fields { get; } = ["amount"];

        public static Capture Read(JsonElement body, Faults faults) =>
            new(JsonFields.Read(body, "", faults, Fields).OptionalInteger("amount", 1, PaymentRequest.MaxAmount));

        public override Task<Outcome<PaymentAnswer>> SendTo(IPaymentGrain payment, RequestIdentity? identity) =>
            payment.Capture(new CapturePayment(Amount, identity));

        public override void WriteCanonical(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            if (Amount is { } amount) writer.WriteNumber("amount", amount);
            writer.WriteEndObject();
        }
    }

    /// <summary>The body of <c>POST /payments/{id}/cancel</c>.</summary>
    /// <param name="Reason">The merchant's own words, at most <see cref="MaxReasonLength"/> characters.</param>
    internal sealed record Cancel(string? Reason) : PaymentOperationRequest
    {
        public const int MaxReasonLength = 255;

        public static ImmutableArray<string> Fields { get; } = ["reason"];

        public static Cancel Read(JsonElement body, Faults faults)
        {
            var fields = JsonFields.Read(body, "", faults, Fields);
            var reason = fields.OptionalText("reason", MaxReasonLength);

            // It is stored and shown in clear, and the payment's own number is not known any more to compare with.
            if (reason is not null && CardRules.MayHaveNumber(reason))
            {
                fields.Refuse(ProblemCatalogue.InvalidValue, "reason", "The value must not contain a card number.");
            }

            return new Cancel(reason);
        }

        public override Task<Outcome<PaymentAnswer>> SendTo(IPaymentGrain payment, RequestIdentity? identity) =>
            payment.Cancel(new CancelPayment(Reason, identity));

        public override void WriteCanonical(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            if (Reason is not null) writer.WriteString("reason", Reason);
            writer.WriteEndObject();
        }
    }
}
