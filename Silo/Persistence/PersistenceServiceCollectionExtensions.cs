using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OrleansPayments.Grains.Shared.Failpoints;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Silo.Hosting;
using OrleansPayments.Silo.Hosting.PrivatePostgres;
using OrleansPayments.Silo.Persistence.Journal;
using OrleansPayments.Silo.Persistence.Projections;

namespace OrleansPayments.Silo.Persistence;

/// <summary>Registers the journal, the projections and their database.</summary>
public static class PersistenceServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IJournal"/>, <see cref="Projector"/> (with every registered <see cref="IProjection"/>) and <see cref="PaymentsDatabase"/>, started
    /// and stopped with the host. Call it <b>before</b> the grain engine is added, so that it stops after it. Reads <c>ConnectionStrings:Payments</c>
    /// (absent: a private cluster in <c>DataFolder</c>, default <c>.data</c>) and the sections <c>Journal</c>, <c>Projector</c>,
    /// <c>PrivatePostgres</c>.
    /// </summary>
    public static IServiceCollection AddPersistence(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddChecked<JournalOptions>(configuration.GetSection("Journal"), static options => options.ThrowIfInvalid());
        services.AddChecked<ProjectorOptions>(configuration.GetSection("Projector"), static options => options.ThrowIfInvalid());
        services.AddOptions<PrivatePostgresOptions>().Bind(configuration.GetSection("PrivatePostgres"));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(new PersistenceOptions(
            configuration.GetConnectionString("Payments"), configuration["DataFolder"] is { Length: > 0 } folder ? folder : ".data"));
        services.AddSingleton<PaymentsDatabase>();
        services.AddSingleton(provider => new JournalMetrics(provider.GetService<IMeterFactory>()));
        services.AddSingleton(provider => new PostgresJournal(
            provider.GetRequiredService<IOptions<JournalOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<JournalMetrics>(),
            provider.GetRequiredService<ILogger<PostgresJournal>>(),
            provider.GetService<IFailpoints>()));
        services.AddSingleton<IJournal>(provider => provider.GetRequiredService<PostgresJournal>());
        services.AddSingleton(provider => new Projector(
            provider.GetRequiredService<PostgresJournal>(),
            provider.GetServices<IProjection>(),
            provider.GetRequiredService<IOptions<ProjectorOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Projector>>()));
        services.AddHostedService<PersistenceService>();
        return services;
    }
}
