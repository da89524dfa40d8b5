using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>The newest refunds of one account. Safe for concurrent use.</summary>
internal sealed class RefundBook(int capacity)
{
    private readonly Lock _lock = new();
    private readonly SegmentedRing<StripeRefund> _refunds = new(capacity);
    private readonly Dictionary<string, long> _positions = new(StringComparer.Ordinal);

    public void Add(StripeRefund refund)
    {
        lock (_lock)
        {
            if (_refunds.IsFull) _positions.Remove(_refunds[_refunds.First].Id);
            _positions.Add(refund.Id, _refunds.Add(refund));
        }
    }

    public StripeRefund? Find(string id)
    {
        lock (_lock) return _positions.TryGetValue(id, out var position) ? _refunds[position] : null;
    }

    /// <summary>Puts the refund's later state in the place of its earlier one. A refund no longer kept is let go.</summary>
    public void Replace(StripeRefund refund)
    {
        lock (_lock)
        {
            if (_positions.TryGetValue(refund.Id, out var position)) _refunds[position] = refund;
        }
    }

    /// <summary>The refunds that <paramref name="matches"/>, newest first, at most <paramref name="limit"/>.</summary>
    /// <param name="after">Start behind the refund with this id; null starts with the newest.</param>
    /// <returns>Null if <paramref name="after"/> is not known.</returns>
    public List<IStripeObject>? Newest(int limit, string? after, Func<StripeRefund, bool> matches)
    {
        lock (_lock)
        {
            var position = _refunds.Next;
            if (after is not null && !_positions.TryGetValue(after, out position)) return null;

            var found = new List<IStripeObject>();
            while (_refunds.Holds(--position) && found.Count < limit)
            {
                if (matches(_refunds[position])) found.Add(_refunds[position]);
            }

            return found;
        }
    }
}
