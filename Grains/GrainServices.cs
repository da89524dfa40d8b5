using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Connectors.Health;
using OrleansPayments.Grains.Connectors.Http;
using OrleansPayments.Grains.Connectors.Stripe;
using OrleansPayments.Grains.Shared.Failpoints;

namespace OrleansPayments.Grains;

/// <summary>What the grains ask of the container besides the ports that the host brings (<c>IJournal</c>, <c>ISecretSealer</c>, <c>TimeProvider</c>).</summary>
public static class GrainServices
{
    public static IServiceCollection AddPaymentGrains(this IServiceCollection services)
    {
        services.AddSingleton(_ => new ProviderHttp(new HttpMessageInvoker(ProviderHandler())));
        services.AddSingleton<IPaymentProvider, StripeProvider>();
        services.AddSingleton<PaymentProviders>();
        services.AddSingleton<ConnectorCalls>();
        services.AddSingleton<CallbackReader>();
        services.AddSingleton<ConnectorMetrics>();
        services.TryAddSingleton<IFailpoints>(NoFailpoints.Instance);
        return services;
    }

    // Bounded connections are a provider's bulkhead of last resort; idle ones are dropped before a provider's server is likely to drop them.
    private static SocketsHttpHandler ProviderHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        MaxConnectionsPerServer = 512,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        ActivityHeadersPropagator = null,
    };
}
