using System.Text;
using OrleansPayments.Payments;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary>The merchant's return URL with what became of the payment in its query.</summary>
internal static class ReturnAddress
{
    /// <param name="returnUrl">Absolute, http or https; its own query and fragment stay as they are.</param>
    public static string Of(string returnUrl, PaymentId payment, PaymentStatus status)
    {
        var url = Ascii.IsValid(returnUrl) ? returnUrl : Encoded(new Uri(returnUrl));
        var fragmentAt = url.IndexOf('#', StringComparison.Ordinal);
        var (address, fragment) = fragmentAt < 0 ? (url, "") : (url[..fragmentAt], url[fragmentAt..]);
        return $"{address}{Separator(address)}payment_id={payment.Value}&status={PaymentListReader.NameOf(status)}{fragment}";
    }

    private static string Separator(string address)
    {
        if (!address.Contains('?', StringComparison.Ordinal)) return "?";
        return address[^1] is '?' or '&' ? "" : "&";
    }

    // A header carries no other characters (RFC 3987, 3.1).
    private static string Encoded(Uri uri)
    {
        var host = uri.HostNameType == UriHostNameType.Dns ? uri.IdnHost : uri.Host;
        var port = uri.IsDefaultPort ? "" : FormattableString.Invariant($":{uri.Port}");
        return $"{uri.Scheme}://{host}{port}{uri.PathAndQuery}{uri.Fragment}";
    }
}
