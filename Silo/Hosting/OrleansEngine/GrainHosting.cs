using Orleans.Configuration;
using Orleans.Hosting;
using OrleansPayments.Grains;

namespace OrleansPayments.Silo.Hosting;

/// <summary>Runs the grains on Microsoft Orleans, as one silo. Its twin under <c>EmbeddedEngine/</c> takes its place when the build says so.</summary>
internal static class GrainHosting
{
    public static WebApplicationBuilder AddGrainHosting(this WebApplicationBuilder builder)
    {
        builder.Services.AddPaymentGrains();
        builder.Host.UseOrleans(silo => silo
            .UseLocalhostClustering()
            .Configure<SiloMessagingOptions>(options => options.ResponseTimeout = GrainLimits.CallTimeout)
            .Configure<GrainCollectionOptions>(options => options.CollectionAge = GrainLimits.CollectionAge));
        return builder;
    }
}
