using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>Runs Microsoft Orleans with the grains of this assembly, as one silo of this process. Its twin is under <c>EmbeddedEngine/</c>.</summary>
public sealed class EngineHost : IAsyncDisposable
{
    private readonly IHost _host;
    private bool _stopped;

    private EngineHost(IHost host) => _host = host;

    /// <summary>What the results of this build are recorded under.</summary>
    public static string Engine => "orleans";

    /// <summary>The engine and its version, for people.</summary>
    public static string Version => "Microsoft Orleans " + typeof(SiloMessagingOptions).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion
        .Replace(". Commit Hash: ", ", commit ", StringComparison.Ordinal)
        .Replace("<developer build>+", "", StringComparison.Ordinal);

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>What the test's grains tell the test.</summary>
    public Journal Journal => _host.Services.GetRequiredService<Journal>();

    public LogCapture Log => _host.Services.GetRequiredService<LogCapture>();

    public static async Task<EngineHost> StartAsync(EngineMode mode, EngineSettings settings)
    {
        Assert.Equal(EngineMode.Orleans, mode);
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddSingleton<Journal>();
        builder.Services.AddSingleton<LogCapture>();
        builder.Services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<LogCapture>());
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = settings.DrainTimeout);
        settings.Services(builder.Services);
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(siloPort: FreePort(), gatewayPort: 0)
            .Configure<SiloMessagingOptions>(options => options.ResponseTimeout = settings.CallTimeout)
            .Configure<GrainCollectionOptions>(options =>
            {
                options.CollectionAge = settings.CollectionAge;
                options.CollectionQuantum = settings.CollectionScanInterval;
            }));
        var host = new EngineHost(builder.Build());
        await host._host.StartAsync();
        return host;
    }

    public async Task StopAsync()
    {
        if (_stopped)
            return;
        _stopped = true;
        await _host.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _host.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
