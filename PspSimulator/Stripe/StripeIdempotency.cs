namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>
/// The idempotency keys of one account (docs.stripe.com/api/idempotent_requests). A key belongs to the first request that executes with
/// it; its answer is kept for that many newer keys as the account may keep. Safe for concurrent use.
/// </summary>
internal sealed class StripeIdempotency(int capacity)
{
    private readonly Lock _lock = new();

    // Running ones live apart: however many keys come, a running request's key is never forgotten, or it could run twice.
    private readonly Dictionary<string, IdempotencyRecord> _running = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IdempotencyRecord> _answered = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>Finds what became of a key, or gives it to this request: then call <see cref="Complete"/> or <see cref="Release"/>.</summary>
    public IdempotencyClaim Claim(string key, UInt128 fingerprint, string requestId, out IdempotencyRecord record)
    {
        lock (_lock)
        {
            if (_answered.TryGetValue(key, out var known))
            {
                record = known;
                return known.Fingerprint == fingerprint ? IdempotencyClaim.Replay : IdempotencyClaim.Mismatch;
            }

            if (_running.TryGetValue(key, out known))
            {
                record = known;
                return known.Fingerprint == fingerprint ? IdempotencyClaim.InUse : IdempotencyClaim.Mismatch;
            }

            record = new IdempotencyRecord(fingerprint, requestId);
            _running.Add(key, record);
            return IdempotencyClaim.Granted;
        }
    }

    /// <summary>Keeps the answer for replay.</summary>
    public void Complete(string key, IdempotencyRecord record, StripeReply reply)
    {
        lock (_lock)
        {
            record.Reply = reply;
            _running.Remove(key);
            if (_order.Count == capacity) _answered.Remove(_order.Dequeue());
            _order.Enqueue(key);
            _answered.Add(key, record);
        }
    }

    /// <summary>Frees the key of a request that did not execute.</summary>
    public void Release(string key)
    {
        lock (_lock) _running.Remove(key);
    }
}
