using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansPayments.Grains.Shared.Json;
using OrleansPayments.Merchants;
using OrleansPayments.Payments;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Merchants;

/// <summary>What can happen to a merchant. The stored form, pinned by a test.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(MerchantCreated), "merchant.created")]
[JsonDerivedType(typeof(ApiKeyListed), "merchant.api_key_listed")]
[JsonDerivedType(typeof(ApiKeyDelisted), "merchant.api_key_revoked")]
[JsonDerivedType(typeof(RoutingConfigured), "merchant.routing_configured")]
[JsonDerivedType(typeof(MerchantUpdated), "merchant.updated")]
[JsonDerivedType(typeof(MerchantActivated), "merchant.activated")]
[JsonDerivedType(typeof(MerchantSuspended), "merchant.suspended")]
[JsonDerivedType(typeof(MerchantClosed), "merchant.closed")]
internal abstract record MerchantEvent;

internal sealed record MerchantCreated(string Name, string Country, Currency DefaultCurrency, string RequestFingerprint) : MerchantEvent;

internal sealed record ApiKeyListed(ApiKeyId KeyId, string Name, ImmutableArray<string> Permissions, DateTimeOffset CreatedAt) : MerchantEvent;

internal sealed record ApiKeyDelisted(ApiKeyId KeyId, DateTimeOffset RevokedAt) : MerchantEvent;

internal sealed record RoutingConfigured(RoutingConfiguration Configuration) : MerchantEvent;

/// <summary>Null where nothing was changed.</summary>
internal sealed record MerchantUpdated(string? Name, string? Country, Currency? DefaultCurrency) : MerchantEvent;

/// <summary>The merchant was told where to stand; where it stood there already, only the request is remembered.</summary>
internal abstract record MerchantStatusEvent(string? Reason, RequestIdentity? Request) : MerchantEvent;

internal sealed record MerchantActivated(string? Reason, RequestIdentity? Request) : MerchantStatusEvent(Reason, Request);

internal sealed record MerchantSuspended(string? Reason, RequestIdentity? Request) : MerchantStatusEvent(Reason, Request);

internal sealed record MerchantClosed(string? Reason, RequestIdentity? Request) : MerchantStatusEvent(Reason, Request);

/// <summary>What can happen to an API key. The stored form, pinned by a test.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ApiKeyIssued), "api_key.issued")]
[JsonDerivedType(typeof(ApiKeyRevoked), "api_key.revoked")]
internal abstract record ApiKeyEvent;

internal sealed record ApiKeyIssued(
    MerchantId MerchantId, string Name, ImmutableArray<string> Permissions, string SecretHash, string RequestFingerprint) : ApiKeyEvent;

internal sealed record ApiKeyRevoked : ApiKeyEvent;

/// <summary>The stored form of merchants and their keys.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(MerchantIdJsonConverter), typeof(ApiKeyIdJsonConverter), typeof(CurrencyJsonConverter)])]
[JsonSerializable(typeof(MerchantEvent[]))]
[JsonSerializable(typeof(ApiKeyEvent[]))]
internal sealed partial class MerchantJson : JsonSerializerContext;
