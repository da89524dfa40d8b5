using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OrleansPayments.Silo.Hosting;

/// <summary>
/// The port on 127.0.0.1 at which Orleans silos talk to each other. Orleans insists on one although this silo is alone in its cluster.
/// </summary>
internal static class SiloPort
{
    /// <summary>1 to 65535; 0 or none picks a free one.</summary>
    public const string Setting = "PAYMENTS_SILO_PORT";

    /// <exception cref="SettingsException">The setting is malformed.</exception>
    public static int From(IConfiguration configuration)
    {
        if (configuration[Setting] is not { Length: > 0 } configured) return FreePort();
        if (!int.TryParse(configured, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > IPEndPoint.MaxPort)
        {
            throw new SettingsException($"{Setting} must be a number from 0 to {IPEndPoint.MaxPort}, not '{configured}'.");
        }

        return port == 0 ? FreePort() : port;
    }

    // Orleans must know its port before it listens, so it cannot leave the choice to the system. Who takes the port in between makes the start fail, aloud.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
