using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Http;

/// <summary>The <c>Idempotency-Key</c> header: optional, 1 to 255 printable ASCII characters, compared as they are.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    private const int MaxLength = 255;

    public static bool IsGiven(HttpRequest request) => request.Headers.ContainsKey(Header);

    /// <summary>Null when the header is absent.</summary>
    public static Validated<string?> Read(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(Header, out var values)) return default(Validated<string?>);
        if (values.Count != 1) return ProblemCatalogue.InvalidIdempotencyKey.With("The header is given more than once.");

        var key = values[0] ?? "";
        if (key.Length is 0 or > MaxLength) return ProblemCatalogue.InvalidIdempotencyKey.With($"The key must have 1 to {MaxLength} characters.");
        if (key.AsSpan().ContainsAnyExceptInRange(' ', '~')) return ProblemCatalogue.InvalidIdempotencyKey.With("The key must be printable ASCII.");
        return key;
    }
}
