using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>What Stripe knows of one account: its intents and idempotency keys, and the charges it adds to the account's book.</summary>
internal sealed class StripeAccount(Account account, TimeProvider time, int capacity)
{
    /// <summary>The metadata key under which a router sends its attempt reference; searching by it needs no scan.</summary>
    public const string AttemptKey = "attempt";

    private const string PaymentKey = "payment_id";

    private readonly Lock _lock = new();
    private readonly SegmentedRing<StoredIntent> _intents = new(capacity);
    private readonly Dictionary<string, StoredIntent> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoredIntent> _byAttempt = new(StringComparer.Ordinal);

    public Account World { get; } = account;

    public StripeIdempotency Idempotency { get; } = new(capacity);

    public PaymentIntent? Find(string id)
    {
        lock (_lock) return _byId.GetValueOrDefault(id)?.Current;
    }

    public void Add(PaymentIntent intent)
    {
        lock (_lock)
        {
            if (_intents.IsFull) Forget(_intents[_intents.First]);

            var stored = new StoredIntent { Current = intent, Attempt = intent.MetadataOf(AttemptKey) };
            stored.Position = _intents.Add(stored);
            _byId.Add(intent.Id, stored);
            RecordCharge(intent);
            if (stored.Attempt is null) return;

            stored.Earlier = _byAttempt.GetValueOrDefault(stored.Attempt);
            _byAttempt[stored.Attempt] = stored;
        }
    }

    /// <summary>
    /// Changes an intent in one step: nobody else's change comes between the look and the leap. <paramref name="change"/> returns the next
    /// state, or the same one to leave it. Null if there is no such intent.
    /// </summary>
    public PaymentIntent? Update(string id, Func<PaymentIntent, PaymentIntent> change)
    {
        lock (_lock)
        {
            if (!_byId.TryGetValue(id, out var stored)) return null;

            var before = stored.Current;
            stored.Current = change(before);
            if (stored.Current != before) RecordCharge(stored.Current);
            return stored.Current;
        }
    }

    /// <summary>The intents that <paramref name="matches"/>, newest first, at most <paramref name="limit"/>.</summary>
    /// <param name="after">Start behind the intent with this id; null starts with the newest.</param>
    /// <param name="attempt">Look only at intents with this attempt reference; null looks at all.</param>
    /// <returns>Null if <paramref name="after"/> is not known.</returns>
    public List<PaymentIntent>? Newest(int limit, string? after, string? attempt, Func<PaymentIntent, bool> matches)
    {
        lock (_lock)
        {
            var before = long.MaxValue;
            if (after is not null)
            {
                if (!_byId.TryGetValue(after, out var start)) return null;
                before = start.Position;
            }

            var found = new List<PaymentIntent>();
            for (var stored = attempt is null ? At(Math.Min(before, _intents.Next) - 1) : _byAttempt.GetValueOrDefault(attempt);
                 stored is { IsForgotten: false } && found.Count < limit;
                 stored = attempt is null ? At(stored.Position - 1) : stored.Earlier)
            {
                if (stored.Position < before && matches(stored.Current)) found.Add(stored.Current);
            }

            return found;
        }
    }

    private StoredIntent? At(long position) => _intents.Holds(position) ? _intents[position] : null;

    private void Forget(StoredIntent oldest)
    {
        _byId.Remove(oldest.Current.Id);
        if (oldest.Attempt is not null && _byAttempt.GetValueOrDefault(oldest.Attempt) == oldest) _byAttempt.Remove(oldest.Attempt);

        // A later intent of the same attempt may still point here; without this the chain behind it would never be freed.
        oldest.Earlier = null;
        oldest.IsForgotten = true;
    }

    // The charge carries the intent's id: that is what the caller was answered with, and an intent has at most one approved charge.
    private void RecordCharge(PaymentIntent intent)
    {
        ChargeStatus? status = intent.Status switch
        {
            PaymentIntentStatus.Succeeded => ChargeStatus.Captured,
            PaymentIntentStatus.RequiresCapture => ChargeStatus.Authorized,
            _ => null,
        };
        if (status is null) return;

        if (World.Charges.TryGet(intent.Id, out var known))
        {
            World.Charges.Replace(known with { AmountCaptured = intent.AmountReceived, Status = status.Value });
            return;
        }

        World.Charges.Add(new Charge(
            intent.Id,
            StripeProvider.ProviderName,
            intent.MetadataOf(AttemptKey),
            intent.MetadataOf(PaymentKey),
            intent.Amount,
            intent.AmountReceived,
            AmountRefunded: 0,
            intent.Currency.ToUpperInvariant(),
            status.Value,
            time.GetUtcNow()));
    }

    private sealed class StoredIntent
    {
        public required PaymentIntent Current { get; set; }

        public string? Attempt { get; init; }

        public long Position { get; set; }

        /// <summary>The intent before this one with the same attempt reference.</summary>
        public StoredIntent? Earlier { get; set; }

        public bool IsForgotten { get; set; }
    }
}
