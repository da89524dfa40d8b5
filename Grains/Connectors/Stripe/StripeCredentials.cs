using OrleansPayments.Connectors;

namespace OrleansPayments.Grains.Connectors.Stripe;

/// <summary>
/// <c>secret_key</c> (required), <c>webhook_secret</c>, and <c>base_url</c> where it is not Stripe itself: HTTPS, or plain HTTP to this machine only, because
/// card numbers pass through it.
/// </summary>
internal readonly struct StripeCredentials
{
    private const string LiveBaseUrl = "https://api.stripe.com";
    private const int MaxLength = 500;

    private StripeCredentials(string secretKey, string? webhookSecret, string baseUrl)
    {
        SecretKey = secretKey;
        WebhookSecret = webhookSecret;
        BaseUrl = baseUrl;
    }

    public string SecretKey { get; }

    /// <summary>The whole of it, <c>whsec_</c> included; null when no callback can be verified.</summary>
    public string? WebhookSecret { get; }

    /// <summary>Without a slash at the end.</summary>
    public string BaseUrl { get; }

    public static StripeCredentials From(ConnectorCredentials credentials) => new(
        credentials.Values["secret_key"],
        credentials.Values.GetValueOrDefault("webhook_secret"),
        credentials.Values.GetValueOrDefault("base_url", LiveBaseUrl).TrimEnd('/'));

    public static Refusal? Check(ConnectorCredentials credentials)
    {
        foreach (var (name, value) in credentials.Values)
        {
            if (name is not ("secret_key" or "webhook_secret" or "base_url")) return Invalid(name, "is not a credential of stripe");
            if (value.Length is 0 or > MaxLength) return Invalid(name, $"must have 1 to {MaxLength} characters");
            if (value.Any(c => c is <= ' ' or > '~')) return Invalid(name, "must be printable ASCII without spaces");
        }

        if (!credentials.Values.ContainsKey("secret_key")) return Invalid("secret_key", "is missing");
        return credentials.Values.TryGetValue("base_url", out var url) && !IsAcceptable(url)
            ? Invalid("base_url", "must be an https URL without query or user; http only to a loopback address")
            : null;
    }

    private static bool IsAcceptable(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri)) return false;
        if (uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0) return false;
        return uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback);
    }

    // The value is never quoted.
    private static Refusal Invalid(string name, string why) => new(RefusalCode.InvalidCredentials, $"'{name}' {why}.", "/credentials/" + name);
}
