using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OrleansPayments.PspSimulator.Control;
using OrleansPayments.PspSimulator.Http;
using OrleansPayments.PspSimulator.Stripe;
using OrleansPayments.PspSimulator.World;
using OrleansPayments.PspSimulator.World.Callbacks;

namespace OrleansPayments.PspSimulator;

/// <summary>Builds the simulator's web host: for the program, and for tests that run it in process.</summary>
public static class PspSimulatorHost
{
    private const int MaxBodyBytes = 64 * 1024;
    private const int MaxConnections = 10_000;

    /// <summary>A host that is not started yet. After <c>StartAsync</c>, <see cref="AddressOf"/> tells where it listens.</summary>
    /// <param name="log">Changes where and how much it logs.</param>
    public static WebApplication Create(SimulatorOptions options, Action<ILoggingBuilder>? log = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "OrleansPayments.PspSimulator" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Limit(kestrel, options.Port));
        builder.Services.AddRoutingCore();
        builder.Services.AddLogging(logging =>
        {
            logging.AddConsole().SetMinimumLevel(LogLevel.Warning);
            log?.Invoke(logging);
        });

        // Held connections let go as soon as the host stops; this only bounds a caller that reads its answer slowly.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1.5));

        builder.Services.AddSingleton(services => new CallbackSender(options, services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping));

        var app = builder.Build();
        var random = new RandomSource(options.Random);
        var stopping = app.Lifetime.ApplicationStopping;
        var accounts = new SimulatedAccounts(options, app.Services.GetRequiredService<CallbackSender>(), random);
        var faults = new FaultInjector(options, random, stopping);
        var later = new Later(options.Time, options.DecidesAfter, stopping);

        IProvider[] providers = [new StripeProvider(options, accounts, faults, random, later)];
        foreach (var provider in providers) provider.Map(app);
        new ControlEndpoints(accounts, providers).Map(app);
        new CallbackControl(accounts, options.Time, random).Map(app);
        new HomePage(providers).Map(app);
        return app;
    }

    /// <summary>Scheme, host and port of a started simulator, such as <c>http://127.0.0.1:8090</c>.</summary>
    public static string AddressOf(WebApplication simulator)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        return simulator.Urls.First();
    }

    private static void Limit(KestrelServerOptions kestrel, int port)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        kestrel.Listen(IPAddress.Loopback, port);
    }
}
