using System.Collections.Immutable;
using OrleansPayments.Merchants;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Merchants;

/// <summary>A merchant as the fold of its events.</summary>
internal sealed record MerchantState(
    MerchantId Id,
    string Name,
    string Country,
    Currency DefaultCurrency,
    string RequestFingerprint,
    ImmutableArray<ApiKeyView> ApiKeys,
    int Version,
    DateTimeOffset CreatedAt,
    MerchantRouting Routing)
{
    /// <summary>The most requests that are remembered for their repetition, the newest.</summary>
    public const int MaxRequests = 100;

    public MerchantStatus Status { get; init; }

    public string? StatusReason { get; init; }

    public DateTimeOffset? StatusChangedAt { get; init; }

    /// <summary>What the creating caller was answered.</summary>
    public MerchantView? FirstAnswer { get; init; }

    /// <summary>The last requests that came with an idempotency key, oldest first.</summary>
    public ImmutableArray<MerchantRequest> Requests { get; init; } = [];

    public MerchantView ToView() => new(Id, Name, Country, DefaultCurrency, Status, Version, CreatedAt, StatusReason, StatusChangedAt);
}

/// <param name="Key">The hash of its idempotency key.</param>
internal sealed record MerchantRequest(string Key, string Fingerprint, MerchantView Answer);
