using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using OrleansPayments.Grains.Payments;

namespace OrleansPayments.Silo.Hosting;

/// <summary>
/// The page of this installation that a payer's browser comes back to: below <c>Api:PublicUrl</c>, or below the address that the silo listens on where that is a
/// loopback address. Listening on others says nothing of how payers reach it.
/// </summary>
internal sealed class PayerReturnAddress(IConfiguration configuration, IServer server) : IReturnAddress
{
    public const string Path = "/return/";

    public string? Of(PaymentId payment) => BaseUrl() is { } url ? url.TrimEnd('/') + Path + payment.Value : null;

    /// <exception cref="SettingsException"><c>Api:PublicUrl</c> is malformed.</exception>
    public static void ThrowIfInvalid(IConfiguration configuration)
    {
        if (configuration["Api:PublicUrl"] is not { Length: > 0 } url) return;
        var acceptable = Uri.TryCreate(url, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
            && uri.Query.Length == 0 && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0;
        if (!acceptable) throw new SettingsException("Api:PublicUrl must be an absolute http or https URL without query and fragment.");
    }

    private string? BaseUrl()
    {
        if (configuration["Api:PublicUrl"] is { Length: > 0 } configured) return configured;

        // With port 0 the address is known only once the server listens.
        var listening = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        if (listening is null || !Uri.TryCreate(listening, UriKind.Absolute, out var uri)) return null;
        return IPAddress.TryParse(uri.IdnHost, out var address) && IPAddress.IsLoopback(address) ? listening : null;
    }
}
