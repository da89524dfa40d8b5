using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Payments;

// What comes unasked: a provider's notice, and a person's word.
internal sealed partial class PaymentGrain
{
    public async Task<bool> Notify(ChargeNotice notice)
    {
        if (State is null)
        {
            if (!_creating) DeactivateOnIdle();
            return false;
        }

        // That the provider has the charge its answer is about to say; it is worth no record of its own.
        if (_sending && notice.Status == ChargeStatus.Pending)
        {
            if (IsOfOpenAttempt(notice)) _told ??= notice;
            return false;
        }

        // A decline that ended the payment here could not be passed on any more, and the answer is about to say the same.
        if (_mayPassOn && notice.Status == ChargeStatus.Declined && IsOfOpenAttempt(notice))
        {
            _told = notice;
            return false;
        }

        var news = await Decide(state => PaymentMachine.Observe(state, notice, ActBefore));
        LogNoticed(Id, notice.Connector.Value, notice.EventType, news);
        Watch();
        return news;
    }

    private bool IsOfOpenAttempt(ChargeNotice notice) =>
        State?.OpenAttempt is { } open && open.Number == notice.Attempt && open.Connector == notice.Connector;

    public async Task<Outcome<PaymentAnswer>> Resolve(ResolvePayment command)
    {
        if (State is null) return NotFound();
        if (Find(command.Identity) is { } known) return Repeat(known, command.Identity!) ?? await Answer(command.Identity, replayed: true);

        Refusal? refusal = null;
        await Decide(state =>
            PaymentMachine.Resolve(state, command).TryGet(out var resolved, out refusal) ? Waiting.Caller(command.Identity).Hears(resolved) : []);
        if (refusal is not null) return refusal;

        LogResolved(Id, command.Resolution);
        Watch();
        return await Answer(command.Identity, replayed: false);
    }
}
