using Orleans.Hosting;
using OrleansPayments.Grains;

namespace OrleansPayments.Silo.Hosting;

/// <summary>Runs the grains on the embedded engine. Its twin under <c>OrleansEngine/</c> takes its place when the build says so.</summary>
internal static class GrainHosting
{
    public static WebApplicationBuilder AddGrainHosting(this WebApplicationBuilder builder)
    {
        builder.Services.AddPaymentGrains();
        builder.Services.AddGrainEngine(
            options =>
            {
                options.CallTimeout = GrainLimits.CallTimeout;
                options.CollectionAge = GrainLimits.CollectionAge;
                options.DrainTimeout = GrainLimits.DrainTimeout;
            },
            typeof(GrainServices).Assembly);
        return builder;
    }
}
