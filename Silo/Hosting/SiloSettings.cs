using System.Globalization;
using System.Net;

namespace OrleansPayments.Silo.Hosting;

/// <summary>Where the silo listens and keeps its data.</summary>
/// <param name="Address">The address that the API binds to (<c>PAYMENTS_ADDRESS</c>, default 127.0.0.1).</param>
/// <param name="Port">0 to 65535; 0 picks a free one (<c>PAYMENTS_PORT</c>, default 8080).</param>
/// <param name="DataFolder">Keys and the private PostgreSQL (<c>PAYMENTS_DATA</c>, default <c>.data</c>); absolute.</param>
public sealed record SiloSettings(IPAddress Address, int Port, string DataFolder)
{
    public const int DefaultPort = 8080;

    public string AdminKeyFile => Path.Combine(DataFolder, "admin.key");

    public string MasterKeyFile => Path.Combine(DataFolder, "master.key");

    /// <exception cref="SettingsException">A setting is malformed.</exception>
    public static SiloSettings From(IConfiguration configuration)
    {
        var address = configuration["PAYMENTS_ADDRESS"] is { Length: > 0 } configuredAddress ? configuredAddress : "127.0.0.1";
        if (!IPAddress.TryParse(address, out var parsedAddress)) throw new SettingsException($"PAYMENTS_ADDRESS must be an IP address, not '{address}'.");

        var port = DefaultPort;
        if (configuration["PAYMENTS_PORT"] is { Length: > 0 } configuredPort
            && (!int.TryParse(configuredPort, NumberStyles.None, CultureInfo.InvariantCulture, out port) || port > IPEndPoint.MaxPort))
        {
            throw new SettingsException($"PAYMENTS_PORT must be a number from 0 to {IPEndPoint.MaxPort}, not '{configuredPort}'.");
        }

        var folder = configuration["PAYMENTS_DATA"] is { Length: > 0 } configuredFolder ? configuredFolder : ".data";
        return new SiloSettings(parsedAddress, port, Path.GetFullPath(folder));
    }
}
