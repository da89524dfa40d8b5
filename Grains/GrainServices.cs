using Microsoft.Extensions.DependencyInjection;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Connectors.Stripe;
using OrleansPayments.Grains.Routing;

namespace OrleansPayments.Grains;

/// <summary>What the grains ask of the container besides the ports that the host brings (<c>IJournal</c>, <c>ISecretSealer</c>, <c>TimeProvider</c>).</summary>
public static class GrainServices
{
    public static IServiceCollection AddPaymentGrains(this IServiceCollection services)
    {
        services.AddSingleton<IPaymentProvider, StripeProvider>();
        services.AddSingleton<PaymentProviders>();
        services.AddSingleton<ConnectorCalls>();
        services.AddSingleton<IRoutingStrategy, PriorityStrategy>();
        return services;
    }
}
