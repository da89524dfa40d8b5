using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OrleansPayments.Grains.Connectors.Stripe;

/// <summary>Verifies <c>Stripe-Signature: t=…,v1=…</c>, an HMAC-SHA256 over time and body under the endpoint's secret.</summary>
/// <remarks>
/// Source: docs.stripe.com/webhooks#verify-manually. There are several <c>v1</c> while a secret is being exchanged, and any of them will do. Other schemes
/// (<c>v0</c> is a fake one) are passed over, so that nobody can ask for a weaker one.
/// </remarks>
internal static class StripeSignature
{
    public const string Header = "Stripe-Signature";

    /// <summary>Characters; a header with two signatures has about 160.</summary>
    public const int MaxHeaderLength = 2048;

    /// <summary>Between Stripe's clock and ours, either way, in seconds: what Stripe's own libraries take.</summary>
    public const long ToleranceSeconds = 300;

    private const int HashBytes = 32;

    // Seconds until the year 5138, so that no sum overflows.
    private const int MaxTimeDigits = 11;

    /// <summary>Null when the body is genuine and fresh; otherwise why not, snake_case.</summary>
    /// <param name="header">Null when there is none.</param>
    public static string? WhyNot(string? header, ReadOnlySpan<byte> body, string secret, DateTimeOffset receivedAt)
    {
        if (string.IsNullOrEmpty(header)) return "signature_missing";
        if (header.Length > MaxHeaderLength) return "signature_malformed";
        if (!TryReadTime(header, out var time)) return "signature_malformed";

        // Time is looked at last: what is refused for its time was genuine, and whoever reads that looks at the clocks.
        if (!IsSigned(header, Hash(header.AsSpan()[time], body, secret))) return "signature_wrong";
        var signedAt = long.Parse(header.AsSpan()[time], NumberStyles.None, CultureInfo.InvariantCulture);
        return Math.Abs(receivedAt.ToUnixTimeSeconds() - signedAt) <= ToleranceSeconds ? null : "timestamp_out_of_range";
    }

    // Exactly one: with two, it would not be plain which of them was signed.
    private static bool TryReadTime(string header, out Range time)
    {
        time = default;
        var found = false;
        foreach (var part in header.AsSpan().Split(','))
        {
            if (ValueOf(header, part, "t") is not { } value) continue;
            if (found || header.AsSpan()[value] is not { Length: > 0 and <= MaxTimeDigits } digits || digits.ContainsAnyExceptInRange('0', '9')) return false;
            time = value;
            found = true;
        }

        return found;
    }

    private static bool IsSigned(string header, ReadOnlySpan<byte> expected)
    {
        Span<byte> claimed = stackalloc byte[HashBytes];
        var signed = false;
        foreach (var part in header.AsSpan().Split(','))
        {
            if (ValueOf(header, part, "v1") is not { } value || header.AsSpan()[value].Length != HashBytes * 2) continue;
            if (Convert.FromHexString(header.AsSpan()[value], claimed, out _, out _) != System.Buffers.OperationStatus.Done) continue;
            signed |= CryptographicOperations.FixedTimeEquals(claimed, expected);
        }

        return signed;
    }

    private static byte[] Hash(ReadOnlySpan<char> time, ReadOnlySpan<byte> body, string secret)
    {
        Span<byte> prefix = stackalloc byte[MaxTimeDigits + 1];
        var length = Encoding.ASCII.GetBytes(time, prefix);
        prefix[length] = (byte)'.';
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(prefix[..(length + 1)]);
        hmac.AppendData(body);
        return hmac.GetHashAndReset();
    }

    // Where the value of "name=value" lies, spaces around it left out; null for another name.
    private static Range? ValueOf(string header, Range part, string name)
    {
        var (start, length) = part.GetOffsetAndLength(header.Length);
        var end = start + length;
        while (start < end && header[start] == ' ') start++;
        while (end > start && header[end - 1] == ' ') end--;
        var valueAt = start + name.Length + 1;
        return valueAt <= end && header.AsSpan(start, name.Length).SequenceEqual(name) && header[valueAt - 1] == '=' ? valueAt..end : null;
    }
}
