using Orleans.Configuration;
using Orleans.Hosting;
using OrleansPayments.Grains;

namespace OrleansPayments.Silo.Hosting;

/// <summary>
/// Runs the grains on Microsoft Orleans, as one silo that is its own cluster. Its twin under <c>EmbeddedEngine/</c> takes its place when the build says so.
/// </summary>
internal static class GrainHosting
{
    /// <summary>Calls that may wait at one activation, as on the embedded engine; the next is refused with <see cref="LimitExceededException"/>.</summary>
    private const int MaxMailboxLength = 10_000;

    /// <exception cref="SettingsException">A setting is malformed.</exception>
    public static WebApplicationBuilder AddGrainHosting(this WebApplicationBuilder builder)
    {
        var port = SiloPort.From(builder.Configuration);
        builder.Services.AddPaymentGrains();
        builder.UseOrleans(silo => silo
            // Callers come through the REST API of this process, so there is no gateway for others.
            .UseLocalhostClustering(port, gatewayPort: 0)
            .Configure<SiloMessagingOptions>(options =>
            {
                options.ResponseTimeout = GrainLimits.CallTimeout;
                options.MaxEnqueuedRequestsHardLimit = MaxMailboxLength;
                options.MaxEnqueuedRequestsHardLimit_StatelessWorker = MaxMailboxLength;
            })
            .Configure<GrainCollectionOptions>(options =>
            {
                options.CollectionAge = GrainLimits.CollectionAge;

                // Orleans counts no activations; this is its bound on them.
                options.EnableActivationSheddingOnMemoryPressure = true;
            }));

        // After Orleans' own service, so that it stops before it.
        builder.Services.AddHostedService(services => new SiloDrain(services.GetRequiredService<Orleans.Runtime.Silo>(), GrainLimits.DrainTimeout));
        return builder;
    }
}
