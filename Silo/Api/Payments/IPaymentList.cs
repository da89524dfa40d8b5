using System.Collections.Immutable;
using OrleansPayments.Connectors;
using OrleansPayments.Payments;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary>The list of payments: a read model that follows the journal.</summary>
public interface IPaymentList
{
    /// <summary>
    /// The payments that fit, newest first by (<see cref="PaymentView.CreatedAt"/>, id). With a merchant order id, waits up to a second for the read model,
    /// so that a caller finds what it has just created.
    /// </summary>
    Task<PaymentPage> ListAsync(PaymentListQuery query, CancellationToken cancellationToken);
}

/// <summary>What to list. Filters that are null let everything through.</summary>
/// <param name="MerchantId">Null lists over all merchants.</param>
/// <param name="CreatedAfter">Exclusive.</param>
/// <param name="CreatedBefore">Exclusive.</param>
/// <param name="Limit">1 to 100.</param>
/// <param name="StartingAfter">The page begins behind this payment; null for the first page. It exists and belongs to the merchant.</param>
public sealed record PaymentListQuery(
    MerchantId? MerchantId,
    PaymentStatus? Status,
    ConnectorName? Connector,
    string? CustomerId,
    string? MerchantOrderId,
    DateTimeOffset? CreatedAfter,
    DateTimeOffset? CreatedBefore,
    int Limit,
    PaymentCursor? StartingAfter);

/// <summary>A payment's place in the list.</summary>
public sealed record PaymentCursor(PaymentId Id, DateTimeOffset CreatedAt);

/// <param name="Payments">At most the query's limit.</param>
/// <param name="HasMore">Whether a further page would have any.</param>
public sealed record PaymentPage(ImmutableArray<PaymentView> Payments, bool HasMore);
