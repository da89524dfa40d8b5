using Microsoft.OpenApi;
using OrleansPayments.Merchants;
using OrleansPayments.Silo.Api.Merchants;
using static OrleansPayments.Silo.Api.OpenApi.Schemas;

namespace OrleansPayments.Silo.Api.OpenApi;

/// <summary>The bodies about merchants.</summary>
internal static class MerchantSchemas
{
    public static OpenApiSchema Create() => Request("name country default_currency", Members());

    public static OpenApiSchema Update() => Request("", Members());

    public static OpenApiSchema Merchant() => Answer(
        [("id", Id("mer_")), ("object", OneOf(["merchant"])), .. Members(), ("status", Status()),
        ("status_reason", Text(1, MerchantStatusRequest.MaxReasonLength).OrNull()), ("status_changed_at", Time().OrNull().Saying("Null when it has always been active.")),
        ("version", Integer(1, int.MaxValue)), ("created_at", Time())]);

    public static OpenApiSchema ChangeStatus() => Request("", ("reason", Text(1, MerchantStatusRequest.MaxReasonLength, "For people; kept with the merchant.")));

    public static OpenApiSchema Health() => Answer(
        ("merchant_id", Id("mer_")),
        ("status", Status()),
        ("window_seconds", Integer(1, 86_400)),
        ("counting_since", Time()),
        ("payments", Answer(("approved", Count()), ("declined", Count()), ("failed", Count()), ("unknown", Count()))),
        ("authorization_rate", Number(0, 1).OrNull().Saying("Approved / (approved + declined); null without either.")),
        ("success_rate", Number(0, 1).OrNull().Saying("Technical successes, (approved + declined) / all; null without payments.")),
        ("volume", Schemas.Array(Answer(
            ("currency", Currency()),
            ("amount", Integer(0, long.MaxValue, description: "Of approved payments, in minor units; null where the sum does not fit 64 bits.").OrNull()),
            ("payments", Count()))).Saying("By currency; never summed across them.")),
        ("latency_ms", Latency("from a payment's record to its outcome's; null when there was none without a payer's action.")),
        ("last_payment_at", Time().OrNull()));

    private static (string Name, IOpenApiSchema Schema)[] Members() =>
    [
        ("name", Text(1, MerchantRequest.MaxNameLength)), ("country", Pattern("^[A-Z]{2}$", "ISO 3166-1 alpha-2.")), ("default_currency", Currency()),
    ];

    private static OpenApiSchema Status() => OneOf(Enum.GetValues<MerchantStatus>().Select(status => status.ToString().ToLowerInvariant()));

    private static OpenApiSchema Count() => Integer(0, int.MaxValue);
}
