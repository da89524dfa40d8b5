using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Connectors;

/// <summary>The address that a provider wants the payer's browser to go to.</summary>
/// <remarks>
/// It goes through to the merchant, who sends a browser there: only an absolute <c>https</c> address without user information, as it came; <c>http</c> only to
/// this machine, for simulators.
/// </remarks>
internal static class PayerRedirect
{
    /// <summary>Characters; issuers' addresses carry long queries, and it is stored.</summary>
    public const int MaxLength = 4096;

    /// <summary>Null when the address is not one to send a payer to.</summary>
    public static NextAction? To(string? url)
    {
        if (url is not { Length: > 0 and <= MaxLength }) return null;
        if (url.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0 || url.Contains('\\', StringComparison.Ordinal)) return null;
        if (!url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) && !url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)) return null;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.UserInfo.Length > 0) return null;
        return uri.Scheme == Uri.UriSchemeHttps || uri.IsLoopback ? new NextAction(NextActionType.Redirect, url) : null;
    }
}
