using System.Collections.Concurrent;
using OrleansPayments.Silo.Api.Payments;

namespace OrleansPayments.Silo.Api.Tests.Support;

/// <summary>Lists the fake engine's payments and remembers what it was asked.</summary>
public sealed class FakePaymentList(FakeEngine engine) : IPaymentList
{
    public ConcurrentQueue<PaymentListQuery> Queries { get; } = [];

    public Task<PaymentPage> ListAsync(PaymentListQuery query, CancellationToken cancellationToken)
    {
        Queries.Enqueue(query);
        var all = engine.Payments
            .Where(payment => query.MerchantId is null || payment.MerchantId == query.MerchantId)
            .OrderByDescending(payment => payment.CreatedAt).ThenByDescending(payment => payment.Id.Value, StringComparer.Ordinal);
        var rest = query.StartingAfter is { } cursor ? all.SkipWhile(payment => payment.Id != cursor.Id).Skip(1) : all;
        var page = rest.Take(query.Limit + 1).ToList();
        return Task.FromResult(new PaymentPage([.. page.Take(query.Limit)], page.Count > query.Limit));
    }
}
