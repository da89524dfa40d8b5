using System.Collections.Immutable;
using OrleansPayments.Connectors;

namespace OrleansPayments.Merchants;

/// <summary>How a merchant's payments fare. In memory of one activation: a new one begins at nothing.</summary>
/// <param name="Window">The past that counts; the oldest twentieth of it is forgotten as a whole.</param>
/// <param name="CountingSince">When this activation began to count, or the window's beginning where that is later.</param>
/// <param name="AuthorizationRate">Approved / (approved + declined): 0 to 1; null without either.</param>
/// <param name="SuccessRate">Technical successes, (approved + declined) / all: 0 to 1; null without payments.</param>
/// <param name="Volumes">What was approved, by currency's code.</param>
/// <param name="Latency">From a payment's record to its outcome's; null when there was none without a payer's action.</param>
/// <param name="LastPaymentAt">Of this activation, also when the window is over; null when there was none.</param>
[GenerateSerializer, Immutable, Alias("merchant_health_view")]
public sealed record MerchantHealthView(
    [property: Id(0)] MerchantId Merchant,
    [property: Id(1)] MerchantStatus Status,
    [property: Id(2)] TimeSpan Window,
    [property: Id(3)] DateTimeOffset CountingSince,
    [property: Id(4)] int Approved,
    [property: Id(5)] int Declined,
    [property: Id(6)] int Failed,
    [property: Id(7)] int Unknown,
    [property: Id(8)] double? AuthorizationRate,
    [property: Id(9)] double? SuccessRate,
    [property: Id(10)] ImmutableArray<MerchantVolume> Volumes,
    [property: Id(11)] LatencyView? Latency,
    [property: Id(12)] DateTimeOffset? LastPaymentAt);

/// <param name="Payments">How many were approved.</param>
/// <param name="Amount">Of their amounts the sum, in minor units; null where it does not fit 64 bits.</param>
[GenerateSerializer, Immutable, Alias("merchant_volume")]
public sealed record MerchantVolume([property: Id(0)] Currency Currency, [property: Id(1)] int Payments, [property: Id(2)] long? Amount);
