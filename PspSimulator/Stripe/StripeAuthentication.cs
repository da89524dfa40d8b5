using System.Text;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>
/// Secret keys: <c>sk_test_{account}</c>, as Bearer token or as the user name of Basic authentication (docs.stripe.com/api/authentication).
/// </summary>
internal static class StripeAuthentication
{
    private const string Prefix = "sk_test_";

    /// <summary>The refusal, or null for the account's own key. The key given is not repeated.</summary>
    public static StripeReply? Refuse(HttpRequest request, string account)
    {
        var header = request.Headers.Authorization.ToString();
        var key = header switch
        {
            _ when header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) => header.AsSpan(7).Trim(),
            _ when header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) => UserOf(header[6..].Trim()),
            _ => default,
        };

        if (key.IsEmpty)
        {
            return Unauthorized("You did not provide an API key. Send it in the Authorization header, as Bearer token or as Basic user name.");
        }

        return key.StartsWith(Prefix, StringComparison.Ordinal) && key[Prefix.Length..].SequenceEqual(account)
            ? null
            : Unauthorized("Invalid API Key provided.");
    }

    private static StripeReply Unauthorized(string message) =>
        StripeReply.Of(StatusCodes.Status401Unauthorized, StripeError.InvalidRequest(message));

    private static string UserOf(string encoded)
    {
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length)) return "";

        var pair = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? pair : pair[..colon];
    }
}
