using System.Net;
using System.Net.NetworkInformation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansPayments.Silo.Hosting;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests.OrleansEngine;

/// <summary>How the silo hosts Orleans.</summary>
public sealed class SiloTests
{
    [Fact]
    public async Task Orleans_listens_at_its_port_of_this_machine_and_nowhere_else()
    {
        using var folder = new TemporaryFolder();
        var port = SiloProcess.FreePort();
        await using var silo = await SiloInProcess.StartAsync(folder.Path, null, "--PAYMENTS_SILO_PORT", $"{port}");

        var listening = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(endpoint => endpoint.Port == port);
        Assert.Equal([new IPEndPoint(IPAddress.Loopback, port)], listening);
        var endpoints = silo.Services.GetRequiredService<IOptions<EndpointOptions>>().Value;
        Assert.Equal((IPAddress.Loopback, 0), (endpoints.AdvertisedIPAddress, endpoints.GatewayPort));
    }

    [Theory]
    [InlineData("65536")]
    [InlineData("-1")]
    [InlineData("eleven")]
    public void A_malformed_port_is_named_at_the_start(string port)
    {
        using var folder = new TemporaryFolder();
        var refused = Assert.Throws<SettingsException>(() => PaymentsSilo.Create(["--PAYMENTS_DATA", folder.Path, "--PAYMENTS_SILO_PORT", port]));
        Assert.Contains("PAYMENTS_SILO_PORT", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_web_server_stops_before_the_grains_and_the_grains_before_the_journal()
    {
        using var folder = new TemporaryFolder();
        await using var app = PaymentsSilo.Create(["--PAYMENTS_PORT", "0", "--PAYMENTS_DATA", folder.Path]);
        var services = app.Services.GetServices<IHostedService>().Select(service => service.GetType().Name).ToList();
        string[] parts = ["PersistenceService", "SiloHostedService", nameof(SiloDrain), "GenericWebHostService"];
        Assert.Equal(parts, services.Where(parts.Contains));
    }

    [Fact]
    public async Task The_limits_of_grains_hold_on_Orleans()
    {
        using var folder = new TemporaryFolder();
        await using var app = PaymentsSilo.Create(["--PAYMENTS_PORT", "0", "--PAYMENTS_DATA", folder.Path]);
        var messaging = app.Services.GetRequiredService<IOptions<SiloMessagingOptions>>().Value;
        Assert.Equal((GrainLimits.CallTimeout, 10_000), (messaging.ResponseTimeout, messaging.MaxEnqueuedRequestsHardLimit));
        var collection = app.Services.GetRequiredService<IOptions<GrainCollectionOptions>>().Value;
        Assert.Equal((GrainLimits.CollectionAge, true), (collection.CollectionAge, collection.EnableActivationSheddingOnMemoryPressure));
    }
}
