using Microsoft.Extensions.Options;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Grains.Routing.Replay;
using OrleansPayments.Grains.Shared.Security;
using OrleansPayments.Silo.Api;
using OrleansPayments.Silo.Api.Health;
using OrleansPayments.Silo.Api.Payments;
using OrleansPayments.Silo.Hosting.Failpoints;
using OrleansPayments.Silo.Hosting.PrivatePostgres;
using OrleansPayments.Silo.Persistence;
using OrleansPayments.Silo.Persistence.Migrations;
using OrleansPayments.Silo.Persistence.PaymentList;
using OrleansPayments.Silo.Persistence.Projections;
using OrleansPayments.Silo.Persistence.RoutingHistory;
using OrleansPayments.Silo.Security;
using OrleansPayments.Silo.Sweeping;

namespace OrleansPayments.Silo.Hosting;

/// <summary>Composes the silo and runs it.</summary>
public static class PaymentsSilo
{
    /// <summary>Runs until the process is told to stop.</summary>
    /// <returns>The process's exit code: 0 after a stop that was asked for, 1 when the silo could not start.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        WebApplication? app = null;
        try
        {
            app = Create(args);
            if (app.Services.GetRequiredService<AdminKey>().ShownOnce is { } key) await Console.Out.WriteLineAsync($"Administrator key, shown once: {key}");
            await app.StartAsync();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever it is, an operator has to read it: a setting, a key file, the server, the schema, the port.
            await Console.Error.WriteLineAsync("The silo cannot start: " + e.Message);
            if (app is not null) await app.DisposeAsync();
            return 1;
        }

        await using (app) await app.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>The silo, composed and not started.</summary>
    /// <param name="args">Settings as <c>--NAME value</c>; they go before the environment.</param>
    /// <param name="configure">Changes to the services, for tests and measurements.</param>
    /// <exception cref="SettingsException">A setting is malformed.</exception>
    /// <exception cref="SecurityFileException">A key file cannot be used.</exception>
    public static WebApplication Create(string[] args, Action<IServiceCollection>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        var settings = SiloSettings.From(builder.Configuration);
        builder.AddFailpoints();
        builder.Configuration["DataFolder"] = settings.DataFolder;
        Directory.CreateDirectory(settings.DataFolder);
        builder.AddSiloLogging();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(settings.Address, settings.Port));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = GrainLimits.ShutdownTimeout);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(settings);
        AddSecurity(builder, settings);

        // Services stop in the reverse order of their registration: the web server first, then the grains, then what they write to.
        builder.Services.AddPersistence(builder.Configuration);
        builder.Services.AddSingleton<IProjection, PaymentListProjection>();
        builder.Services.AddSingleton<IPaymentList, PostgresPaymentList>();
        builder.Services.AddSingleton<IWorkList, PostgresWorkList>();
        builder.Services.AddSingleton<IReadinessCheck, JournalReadiness>();
        builder.Services.AddSingleton<IReadinessCheck, ProjectionReadiness>();
        AddPayments(builder);
        builder.AddGrainHosting();
        AddSweeper(builder);
        AddReplays(builder);
        builder.Services.AddPaymentsApi();
        configure?.Invoke(builder.Services);

        var app = builder.Build();
        app.MapPaymentsApi();
        app.MapFailpoints();
        app.UseMiddleware<FencedMiddleware>();
        return app;
    }

    private static void AddPayments(WebApplicationBuilder builder)
    {
        builder.Services.AddChecked<PaymentOptions>(builder.Configuration.GetSection("Payments"), static options => options.ThrowIfInvalid());
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<PaymentOptions>>().Value);
        PayerReturnAddress.ThrowIfInvalid(builder.Configuration);
        builder.Services.AddSingleton<IReturnAddress, PayerReturnAddress>();
    }

    private static void AddSweeper(WebApplicationBuilder builder)
    {
        builder.Services.AddChecked<SweeperOptions>(builder.Configuration.GetSection("Sweeper"), static options => options.ThrowIfInvalid());
        builder.Services.AddSingleton<IDuePayments, PostgresDuePayments>();
        builder.Services.AddHostedService<OpenPaymentSweeper>();
    }

    private static void AddReplays(WebApplicationBuilder builder)
    {
        builder.Services.AddChecked<RoutingReplayOptions>(builder.Configuration.GetSection("RoutingReplay"), static options => options.ThrowIfInvalid());
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<RoutingReplayOptions>>().Value);
        builder.Services.AddSingleton<IRoutingHistory, PostgresRoutingHistory>();
        builder.Services.AddHostedService<RoutingReplayWaker>();
    }

    private static void AddSecurity(WebApplicationBuilder builder, SiloSettings settings)
    {
        var encryption = builder.Configuration.GetSection("Encryption");
        builder.Services.AddSingleton(new MasterKeys(encryption["MasterKey"], encryption["PreviousMasterKey"], settings.MasterKeyFile));
        builder.Services.AddSingleton<KeyRing>();
        builder.Services.AddSingleton(AdminKey.LoadOrCreate(builder.Configuration["Api:AdminKey"], settings.AdminKeyFile));
        builder.Services.AddSingleton<ISecretSealer, AesGcmSecretSealer>();
    }
}
