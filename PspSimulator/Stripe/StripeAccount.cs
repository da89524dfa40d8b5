using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>
/// What Stripe knows of one account: its intents, refunds and idempotency keys. Every change goes through here, in one step with the
/// account's book of charges and the events that tell of it.
/// </summary>
internal sealed class StripeAccount
{
    /// <summary>The metadata key under which a router sends its attempt reference; searching by it needs no scan.</summary>
    public const string AttemptKey = "attempt";

    private const string PaymentKey = "payment_id";

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly SegmentedRing<StoredIntent> _intents;
    private readonly Dictionary<string, StoredIntent> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoredIntent> _byAttempt = new(StringComparer.Ordinal);
    private readonly StripeEventPublisher _events;

    public StripeAccount(Account account, TimeProvider time, RandomSource random, int capacity)
    {
        World = account;
        _time = time;
        _intents = new(capacity);
        _events = new StripeEventPublisher(account, time, random);
        Idempotency = new StripeIdempotency(capacity);
        Refunds = new RefundBook(capacity);
        account.AddExpirer(Expire);
    }

    public Account World { get; }

    public StripeIdempotency Idempotency { get; }

    public RefundBook Refunds { get; }

    public PaymentIntent? Find(string id)
    {
        lock (_lock) return _byId.TryGetValue(id, out var stored) ? Present(stored) : null;
    }

    /// <summary>The intent of a charge that is its newest; null if there is none.</summary>
    public PaymentIntent? FindByCharge(string charge)
    {
        lock (_lock) return Newest(1, after: null, attempt: null, intent => intent.LatestCharge?.Id == charge)!.FirstOrDefault();
    }

    public void Add(PaymentIntent intent, StripeCause cause)
    {
        lock (_lock)
        {
            if (_intents.IsFull) Forget(_intents[_intents.First]);

            var stored = new StoredIntent { Current = intent, Attempt = intent.MetadataOf(AttemptKey) };
            stored.Position = _intents.Add(stored);
            _byId.Add(intent.Id, stored);
            RecordCharge(intent);
            _events.Intent(before: null, intent, cause);
            if (stored.Attempt is null) return;

            stored.Earlier = _byAttempt.GetValueOrDefault(stored.Attempt);
            _byAttempt[stored.Attempt] = stored;
        }
    }

    /// <summary>
    /// Changes an intent in one step: nobody else's change comes between the look and the leap. <paramref name="change"/> returns the next
    /// state, or the same one to leave it. Null if there is no such intent.
    /// </summary>
    public PaymentIntent? Update(string id, StripeCause cause, Func<PaymentIntent, PaymentIntent> change)
    {
        lock (_lock)
        {
            if (!_byId.TryGetValue(id, out var stored)) return null;
            var before = Present(stored);
            return Become(stored, before, change(before), cause);
        }
    }

    /// <summary>Gives money back in one step with the refund that says so. <paramref name="change"/> returns both, or no refund to leave all as it is.</summary>
    public StripeRefund? AddRefund(string intent, StripeCause cause, Func<PaymentIntent, (PaymentIntent After, StripeRefund? Refund)> change)
    {
        lock (_lock)
        {
            if (!_byId.TryGetValue(intent, out var stored)) return null;
            var before = Present(stored);
            var (after, refund) = change(before);
            if (refund is null) return null;

            Refunds.Add(refund);
            _events.Refund(before: null, refund, cause);
            Become(stored, before, after, cause);
            return refund;
        }
    }

    /// <summary>The end of a refund that was not through at once; a failed one takes its money back.</summary>
    public void DecideRefund(string id, RefundStatus status, StripeCause cause)
    {
        lock (_lock)
        {
            if (Refunds.Find(id) is not { } before) return;
            var after = before with { Status = status };
            Refunds.Replace(after);
            if (status == RefundStatus.Failed && _byId.TryGetValue(before.Intent, out var stored))
                Become(stored, stored.Current, Stripe.Refunds.TakeBack(stored.Current, before.Amount), cause);
            _events.Refund(before, after, cause);
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
                if (stored.Position < before && Present(stored) is var intent && matches(intent)) found.Add(intent);
            }

            return found;
        }
    }

    // An authorization ends at its time, whoever looks first.
    private PaymentIntent Present(StoredIntent stored)
    {
        var now = _time.GetUtcNow();
        return Authorizations.IsOver(stored.Current, now)
            ? Become(stored, stored.Current, Authorizations.Expire(stored.Current, now), StripeCause.Outside())
            : stored.Current;
    }

    private int Expire(string? id)
    {
        lock (_lock)
        {
            var over = Newest(id is null ? int.MaxValue : 1, after: null, attempt: null, intent =>
                intent.Status == PaymentIntentStatus.RequiresCapture && (id is null || intent.Id == id))!;
            foreach (var intent in over)
                Become(_byId[intent.Id], intent, Authorizations.Expire(intent, _time.GetUtcNow()), StripeCause.Outside());
            return over.Count;
        }
    }

    private PaymentIntent Become(StoredIntent stored, PaymentIntent before, PaymentIntent after, StripeCause cause)
    {
        if (after == before) return before;
        stored.Current = after;
        RecordCharge(after);
        _events.Intent(before, after, cause);
        return after;
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
        if (intent.LatestCharge is not { Outcome: ChargeOutcome.Succeeded } charge) return;

        if (World.Charges.TryGet(intent.Id, out var known))
        {
            World.Charges.Replace(known with { AmountCaptured = charge.AmountCaptured, AmountRefunded = charge.AmountRefunded, Status = StatusOf(charge) });
            return;
        }

        World.Charges.Add(new Charge(
            intent.Id,
            StripeProvider.ProviderName,
            intent.MetadataOf(AttemptKey),
            intent.MetadataOf(PaymentKey),
            charge.Amount,
            charge.AmountCaptured,
            charge.AmountRefunded,
            intent.Currency.ToUpperInvariant(),
            StatusOf(charge),
            _time.GetUtcNow()));
    }

    private static ChargeStatus StatusOf(StripeCharge charge)
    {
        if (charge.AmountCaptured > 0) return charge.AmountRefunded == charge.AmountCaptured ? ChargeStatus.Refunded : ChargeStatus.Captured;
        return charge.AmountReleased > 0 ? ChargeStatus.Canceled : ChargeStatus.Authorized;
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
