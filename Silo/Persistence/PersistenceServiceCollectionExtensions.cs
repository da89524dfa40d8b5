using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Grains.Shared.Failpoints;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Silo.Api.KeyRotation;
using OrleansPayments.Silo.Hosting;
using OrleansPayments.Silo.Hosting.PrivatePostgres;
using OrleansPayments.Silo.Persistence.CardVault;
using OrleansPayments.Silo.Persistence.Journal;
using OrleansPayments.Silo.Persistence.Keys;
using OrleansPayments.Silo.Persistence.Projections;
using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Persistence;

/// <summary>Registers the journal, the projections, the keys, the card vault and their database.</summary>
public static class PersistenceServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IJournal"/>, <see cref="Projector"/> (with every registered <see cref="IProjection"/>), <see cref="ICardVault"/>,
    /// <see cref="IMasterKeyRotation"/> and <see cref="PaymentsDatabase"/>, started and stopped with the host, which brings <see cref="MasterKeys"/> and
    /// <see cref="KeyRing"/>. Call it <b>before</b> the grain engine is added, so that it stops after it. Reads <c>ConnectionStrings:Payments</c>
    /// (absent: a private cluster in <c>DataFolder</c>, default <c>.data</c>) and the sections <c>Journal</c>, <c>Projector</c>,
    /// <c>CardVault</c>, <c>PrivatePostgres</c>.
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
        services.AddSingleton<KeyRingStore>();
        services.AddHostedService<PersistenceService>();
        AddCardVault(services, configuration);
        return services;
    }

    // Behind the persistence, so that they stop before it.
    private static void AddCardVault(IServiceCollection services, IConfiguration configuration)
    {
        services.AddChecked<CardVaultOptions>(configuration.GetSection("CardVault"), static options => options.ThrowIfInvalid());
        services.AddSingleton(provider => new CardVaultMetrics(provider.GetService<IMeterFactory>()));
        services.AddSingleton<ICardVault, PostgresCardVault>();
        services.AddSingleton<CardVaultRewrapping>();
        services.AddSingleton<MasterKeyRotation>();
        services.AddSingleton<IMasterKeyRotation>(provider => provider.GetRequiredService<MasterKeyRotation>());
        services.AddHostedService(provider => provider.GetRequiredService<MasterKeyRotation>());
        services.AddHostedService<CardVaultJanitor>();
    }
}
