namespace OrleansPayments.Silo.Sweeping;

/// <summary>The payments that are created, processing or require an action and do not wait for a person, as the read model has them: it may lag, so one that is listed may have ended since.</summary>
public interface IOpenPayments
{
    /// <summary>The oldest ones behind a place, at most as many as asked for.</summary>
    /// <param name="createdAfter">Exclusive, with <paramref name="idAfter"/> among those of the same moment.</param>
    /// <param name="createdBefore">Exclusive.</param>
    Task<IReadOnlyList<OpenPayment>> ReadAsync(
        DateTimeOffset createdAfter, string idAfter, DateTimeOffset createdBefore, int limit, CancellationToken cancellationToken);
}

/// <param name="CreatedAt">With the id its place in the order.</param>
public sealed record OpenPayment(PaymentId Id, DateTimeOffset CreatedAt);
