using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Api.Access;

/// <summary>Tells from the <c>Authorization</c> header who asks.</summary>
internal sealed class ApiKeyAuthenticator(IGrainFactory grains, AdminKey adminKey)
{
    private const string Scheme = "Bearer ";

    /// <summary>Longer ones are no keys of ours and are not hashed.</summary>
    private const int MaxKeyLength = AdminKey.MaxLength;

    /// <summary>Null when there is no key, or one that does not work (any more).</summary>
    public async ValueTask<Caller?> AuthenticateAsync(HttpRequest request)
    {
        if (KeyOf(request) is not { } key) return null;
        if (adminKey.Matches(key)) return Caller.Administrator;
        if (!ApiKeySecret.TryParseId(key, out var id)) return null;
        return await grains.ApiKey(id).Authenticate(ApiKeySecret.HashOf(key)) is { } view ? Caller.Of(view) : null;
    }

    private static string? KeyOf(HttpRequest request)
    {
        var header = request.Headers.Authorization;
        if (header.Count != 1) return null;
        var value = header[0];
        if (value is null || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        var key = value[Scheme.Length..].Trim(' ');
        return key.Length is > 0 and <= MaxKeyLength ? key : null;
    }
}
