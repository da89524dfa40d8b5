using System.Collections.Immutable;
using OrleansPayments.Connectors;
using OrleansPayments.Merchants;
using OrleansPayments.Silo.Api.Http;

namespace OrleansPayments.Silo.Api.Merchants;

/// <summary>How a merchant's payments fare, on the wire.</summary>
internal sealed record MerchantHealthBody(
    string MerchantId,
    MerchantStatus Status,
    int WindowSeconds,
    DateTimeOffset CountingSince,
    PaymentCountsBody Payments,
    double? AuthorizationRate,
    double? SuccessRate,
    ImmutableArray<MerchantVolumeBody> Volume,
    LatencyBody? LatencyMs,
    DateTimeOffset? LastPaymentAt)
{
    public static MerchantHealthBody Of(MerchantHealthView view) => new(
        view.Merchant.Value, view.Status, (int)view.Window.TotalSeconds, view.CountingSince,
        new PaymentCountsBody(view.Approved, view.Declined, view.Failed, view.Unknown), LatencyBody.Rounded(view.AuthorizationRate),
        LatencyBody.Rounded(view.SuccessRate), [.. view.Volumes.Select(volume => new MerchantVolumeBody(volume.Currency.Code, volume.Amount, volume.Payments))],
        LatencyBody.Of(view.Latency), view.LastPaymentAt);
}

internal sealed record PaymentCountsBody(int Approved, int Declined, int Failed, int Unknown);

/// <param name="Amount">In the currency's minor units; null where the sum does not fit 64 bits.</param>
internal sealed record MerchantVolumeBody(string Currency, long? Amount, int Payments);
