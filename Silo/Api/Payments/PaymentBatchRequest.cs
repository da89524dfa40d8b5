using System.Collections.Immutable;
using System.Text.Json;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.Json;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary>The body of <c>POST /payments/batch</c>. A class and not a record: it holds cards.</summary>
internal sealed class PaymentBatchRequest(ImmutableArray<Validated<PaymentRequest>> items)
{
    public const int MaxPayments = 100;

    private const string Payments = "payments";

    public static ImmutableArray<string> Fields { get; } = [Payments];

    /// <summary>1 to <see cref="MaxPayments"/>; each with what is wrong with it, if anything is, and that is no fault of the others.</summary>
    public ImmutableArray<Validated<PaymentRequest>> Items { get; } = items;

    public static PaymentBatchRequest Read(JsonElement body, Faults faults)
    {
        var fields = JsonFields.Read(body, "", faults, Fields);
        fields.Require(Payments);
        var items = fields.OptionalArray(Payments, MaxPayments, ReadItem) ?? [];
        if (items.IsEmpty) fields.Refuse(ProblemCatalogue.InvalidValue, Payments, "The array must not be empty.");
        return new PaymentBatchRequest(items);
    }

    public static string PointerOf(int index) => JsonPointer.Element(JsonPointer.Member("", Payments), index);

    public override string ToString() => "payment batch request";

    private static Validated<PaymentRequest> ReadItem(JsonElement element, string pointer, Faults others)
    {
        var own = new Faults();
        var request = PaymentRequest.Read(element, pointer, own);
        return own.First is { } fault ? fault : request;
    }
}
