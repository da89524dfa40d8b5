using System.Collections.Immutable;

namespace OrleansPayments.Payments;

/// <summary>A payment as its merchant sees it.</summary>
/// <param name="ConnectorReference">The provider's id of the charge; null until the provider answered.</param>
/// <param name="RoutingDecisionId">Null when no route was ever asked for.</param>
/// <param name="CancellationReason">The merchant's own words; null unless it was cancelled with some.</param>
/// <param name="NextAction">Null unless the payer must act.</param>
/// <param name="ReturnUrl">Where the payer's browser goes when it comes back: absolute, http or https; null when the merchant gave none.</param>
/// <param name="ExpiresAt">When the time to confirm, or for the payer to act, is over; null while neither is awaited.</param>
/// <param name="BillingCountry">ISO 3166-1 alpha-2; null where the merchant told none.</param>
/// <param name="WorkItem">Null unless a person must find out what became of it.</param>
/// <param name="Version">1 for the first; consecutive; grows with each durable change.</param>
[GenerateSerializer, Immutable, Alias("payment_view")]
public sealed record PaymentView(
    [property: Id(0)] PaymentId Id,
    [property: Id(1)] MerchantId MerchantId,
    [property: Id(2)] PaymentStatus Status,
    [property: Id(3)] Money Amount,
    [property: Id(4)] Money AmountCaptured,
    [property: Id(5)] CardSummary Card,
    [property: Id(6)] string? MerchantOrderId,
    [property: Id(7)] string? Description,
    [property: Id(8)] string? CustomerId,
    [property: Id(9)] string? Connector,
    [property: Id(10)] string? ConnectorReference,
    [property: Id(11)] PaymentError? LastError,
    [property: Id(12)] string? RoutingDecisionId,
    [property: Id(13)] ImmutableSortedDictionary<string, string> Metadata,
    [property: Id(14)] int Version,
    [property: Id(15)] DateTimeOffset CreatedAt,
    [property: Id(16)] DateTimeOffset UpdatedAt,
    [property: Id(17)] CaptureMethod CaptureMethod,
    [property: Id(18)] string? CancellationReason,
    [property: Id(19)] NextAction? NextAction = null,
    [property: Id(20)] WorkItem? WorkItem = null,
    [property: Id(21)] string? ReturnUrl = null,
    [property: Id(22)] DateTimeOffset? ExpiresAt = null,
    [property: Id(23)] string? BillingCountry = null);
