namespace OrleansPayments.PspSimulator.World.Callbacks;

/// <summary>Where callbacks go.</summary>
/// <param name="Types">The types it wants; <c>*</c> stands for all.</param>
internal sealed record CallbackEndpoint(string Id, Uri Url, IReadOnlyList<string> Types, DateTimeOffset CreatedAt)
{
    private const int MaxUrlLength = 500;

    public bool Wants(string type) => Types.Contains(type) || Types.Contains("*");

    /// <summary>The URL, or null unless it is http on this machine: the simulator can never be pointed at anybody else.</summary>
    public static Uri? ReadUrl(string text)
    {
        if (text.Length > MaxUrlLength || !Uri.TryCreate(text, UriKind.Absolute, out var url)) return null;
        if (url.Scheme != Uri.UriSchemeHttp || url.UserInfo.Length > 0) return null;
        return url.Host is "127.0.0.1" or "localhost" or "[::1]" ? url : null;
    }
}
