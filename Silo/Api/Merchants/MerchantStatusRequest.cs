using System.Collections.Immutable;
using System.Text.Json;
using OrleansPayments.Silo.Api.Json;
using OrleansPayments.Silo.Api.Payments;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Merchants;

/// <summary>The body of <c>POST /merchants/{id}/suspend</c>, <c>activate</c> and <c>close</c>.</summary>
/// <param name="Reason">Why, for people: at most <see cref="MaxReasonLength"/> characters.</param>
internal sealed record MerchantStatusRequest(string? Reason)
{
    public const int MaxReasonLength = 255;

    public static ImmutableArray<string> Fields { get; } = ["reason"];

    public static MerchantStatusRequest Read(JsonElement body, Faults faults)
    {
        var fields = JsonFields.Read(body, "", faults, Fields);
        var reason = fields.OptionalText("reason", MaxReasonLength);
        if (reason is not null && CardRules.MayHaveNumber(reason)) fields.Refuse(ProblemCatalogue.InvalidValue, "reason", "The value must not contain a card number.");
        return new MerchantStatusRequest(reason);
    }

    public void WriteCanonical(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (Reason is not null) writer.WriteString("reason", Reason);
        writer.WriteEndObject();
    }
}
