using System.Collections.Immutable;
using OrleansPayments.Merchants;

namespace OrleansPayments.Silo.Api.Merchants;

/// <summary>A merchant on the wire.</summary>
internal sealed record MerchantBody(
    string Id, string Object, string Name, string Country, string DefaultCurrency, MerchantStatus Status, string? StatusReason,
    DateTimeOffset? StatusChangedAt, int Version, DateTimeOffset CreatedAt)
{
    public static MerchantBody Of(MerchantView view) => new(
        view.Id.Value, "merchant", view.Name, view.Country, view.DefaultCurrency.Code, view.Status, view.StatusReason, view.StatusChangedAt, view.Version,
        view.CreatedAt);
}

/// <summary>An API key on the wire, without its text.</summary>
internal sealed record ApiKeyBody(
    string Id, string Object, string MerchantId, string Name, ImmutableArray<string> Permissions, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt)
{
    public static ApiKeyBody Of(ApiKeyView view) =>
        new(view.Id.Value, "api_key", view.MerchantId.Value, view.Name, view.Permissions, view.CreatedAt, view.RevokedAt);
}

/// <summary>An API key with its text, as the request that issued it is answered.</summary>
internal sealed record IssuedApiKeyBody(
    string Id, string Object, string Key, string MerchantId, string Name, ImmutableArray<string> Permissions, DateTimeOffset CreatedAt,
    DateTimeOffset? RevokedAt)
{
    public static IssuedApiKeyBody Of(ApiKeyView view, string key) =>
        new(view.Id.Value, "api_key", key, view.MerchantId.Value, view.Name, view.Permissions, view.CreatedAt, view.RevokedAt);

    // The generated one would print the key.
    public override string ToString() => Id;
}
