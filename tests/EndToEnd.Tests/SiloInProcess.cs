using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OrleansPayments.Silo.Hosting;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>A whole silo in this process, on a free port, with a private PostgreSQL in a folder of its own.</summary>
public sealed class SiloInProcess : IAsyncDisposable
{
    public const string AdminKey = "ak_test_administrator";

    private readonly WebApplication _app;

    private SiloInProcess(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.First());
        Admin = new Api(Address, AdminKey);
    }

    public Uri Address { get; }

    /// <summary>With the administrator's key.</summary>
    public Api Admin { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<SiloInProcess> StartAsync(string dataFolder, Action<IServiceCollection>? configure = null, params string[] settings)
    {
        var app = PaymentsSilo.Create(
            ["--PAYMENTS_PORT", "0", "--PAYMENTS_DATA", dataFolder, "--Api:AdminKey", AdminKey, .. settings],
            configure);
        await app.StartAsync();
        return new SiloInProcess(app);
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
