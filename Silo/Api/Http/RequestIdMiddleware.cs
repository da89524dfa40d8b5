namespace OrleansPayments.Silo.Api.Http;

/// <summary>Gives each request an id, or takes the caller's when it is sane, and answers with it.</summary>
internal sealed class RequestIdMiddleware(RequestDelegate next)
{
    public const string Header = "Request-Id";

    private const int MaxLength = 128;

    public Task InvokeAsync(HttpContext http)
    {
        var given = http.Request.Headers[Header];
        var id = given.Count == 1 && IsSane(given[0]) ? given[0]! : RandomIdentity.Text("req_");
        http.TraceIdentifier = id;
        http.Response.Headers[Header] = id;
        return next(http);
    }

    // It is logged, so nothing that could forge a log line; and with a letter in it, so that nobody's card number gets there.
    private static bool IsSane(string? id) =>
        id is { Length: > 0 and <= MaxLength }
        && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
        && id.Any(char.IsAsciiLetter);
}
