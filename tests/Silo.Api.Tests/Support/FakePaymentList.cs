using System.Collections.Concurrent;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Api.Payments;

namespace OrleansPayments.Silo.Api.Tests.Support;

/// <summary>Lists the fake engine's payments, and those that wait for a person, and remembers what it was asked.</summary>
public sealed class FakePaymentList(FakeEngine engine) : IPaymentList, IWorkList
{
    public ConcurrentQueue<PaymentListQuery> Queries { get; } = [];

    public ConcurrentQueue<WorkListQuery> WorkQueries { get; } = [];

    public Task<PaymentPage> ListAsync(PaymentListQuery query, CancellationToken cancellationToken)
    {
        Queries.Enqueue(query);
        return PageAsync(query.MerchantId, query.StartingAfter, query.Limit, _ => true);
    }

    public Task<PaymentPage> ListAsync(WorkListQuery query, CancellationToken cancellationToken)
    {
        WorkQueries.Enqueue(query);
        return PageAsync(query.MerchantId, query.StartingAfter, query.Limit, payment => payment.WorkItem is { } work && work.Reason == (query.Reason ?? work.Reason));
    }

    private Task<PaymentPage> PageAsync(MerchantId? merchant, PaymentCursor? after, int limit, Func<PaymentView, bool> fits)
    {
        var all = engine.Payments
            .Where(payment => merchant is null || payment.MerchantId == merchant)
            .OrderByDescending(payment => payment.CreatedAt).ThenByDescending(payment => payment.Id.Value, StringComparer.Ordinal);
        var rest = after is { } cursor ? all.SkipWhile(payment => payment.Id != cursor.Id).Skip(1) : all;
        var page = rest.Where(fits).Take(limit + 1).ToList();
        return Task.FromResult(new PaymentPage([.. page.Take(limit)], page.Count > limit));
    }
}
