namespace OrleansPayments.Silo.Sweeping;

/// <summary>
/// The payments that have something to do by themselves, as the read model has them (it may lag, so one that is listed may have ended since): those that are
/// processing, from their last change on, and those whose time to be confirmed or acted on is over. None that waits for a person.
/// </summary>
public interface IDuePayments
{
    /// <summary>Those that have been due for longest behind a place, at most as many as asked for.</summary>
    /// <param name="dueAfter">Exclusive, with <paramref name="idAfter"/> among those of the same moment.</param>
    /// <param name="dueBefore">Exclusive.</param>
    Task<IReadOnlyList<DuePayment>> ReadAsync(
        DateTimeOffset dueAfter, string idAfter, DateTimeOffset dueBefore, int limit, CancellationToken cancellationToken);
}

/// <param name="DueAt">With the id its place in the order.</param>
public sealed record DuePayment(PaymentId Id, DateTimeOffset DueAt);
