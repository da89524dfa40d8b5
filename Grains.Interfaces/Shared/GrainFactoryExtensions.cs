using OrleansPayments.Connectors;
using OrleansPayments.Idempotency;
using OrleansPayments.Merchants;
using OrleansPayments.Payments;
using OrleansPayments.Routing;

namespace OrleansPayments;

/// <summary>Grains by their typed identities.</summary>
public static class GrainFactoryExtensions
{
    public static IPaymentGrain Payment(this IGrainFactory grains, PaymentId id) => grains.GetGrain<IPaymentGrain>(id.Value);

    public static IMerchantGrain Merchant(this IGrainFactory grains, MerchantId id) => grains.GetGrain<IMerchantGrain>(id.Value);

    public static IApiKeyGrain ApiKey(this IGrainFactory grains, ApiKeyId id) => grains.GetGrain<IApiKeyGrain>(id.Value);

    public static IConnectorGrain Connector(this IGrainFactory grains, ConnectorName name) => grains.GetGrain<IConnectorGrain>(name.Value);

    public static ICircuitLogGrain CircuitLog(this IGrainFactory grains, ConnectorName name) => grains.GetGrain<ICircuitLogGrain>(name.Value);

    public static IRoutingGrain Routing(this IGrainFactory grains) => grains.GetGrain<IRoutingGrain>(IRoutingGrain.Key);

    public static IRoutingReplayGrain RoutingReplay(this IGrainFactory grains, RoutingReplayId id) => grains.GetGrain<IRoutingReplayGrain>(id.Value);

    public static IRoutingReplaysGrain RoutingReplays(this IGrainFactory grains) => grains.GetGrain<IRoutingReplaysGrain>(IRoutingReplaysGrain.Key);

    /// <param name="keyHash">From <see cref="IdempotencyKeyHash.Of"/>.</param>
    public static IIdempotencyGrain Idempotency(this IGrainFactory grains, string keyHash) => grains.GetGrain<IIdempotencyGrain>(keyHash);
}
