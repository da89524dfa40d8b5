using OrleansPayments.Payments;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary>The payments that wait for a person: a read model that follows the journal.</summary>
public interface IWorkList
{
    /// <summary>
    /// Those that have a <see cref="PaymentView.WorkItem"/>, newest first by (<see cref="PaymentView.CreatedAt"/>, id). Waits up to a second for the read model, so
    /// that what was just resolved is gone.
    /// </summary>
    Task<PaymentPage> ListAsync(WorkListQuery query, CancellationToken cancellationToken);
}

/// <summary>What to list. Filters that are null let everything through.</summary>
/// <param name="Reason">As in <see cref="WorkItem.Reason"/>.</param>
/// <param name="Limit">1 to 100.</param>
/// <param name="StartingAfter">The page begins behind this payment, which need not wait for anybody any more; null for the first page.</param>
public sealed record WorkListQuery(MerchantId? MerchantId, string? Reason, int Limit, PaymentCursor? StartingAfter);
