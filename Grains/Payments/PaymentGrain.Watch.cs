using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Payments;

// What a payment asks and ends by itself. Once it is out of memory the sweeper wakes it: while its outcome is not known, and when its time is over.
internal sealed partial class PaymentGrain
{
    // How long is asked once more after a restart, when the time to give up is long over.
    private const int MostSecondsAskedAgain = 300;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    // A payer takes its time, and its return or a notice usually comes first.
    private static readonly TimeSpan FirstLookAtPayer = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestPauseForPayer = TimeSpan.FromMinutes(10);

    // Nobody but the merchant can say anything: this only finds that the time is over.
    private static readonly TimeSpan LongestPauseForMerchant = TimeSpan.FromHours(1);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    // A reader who asks more often hears what the last one did: each question costs the provider a call.
    private static readonly TimeSpan BetweenSyncs = TimeSpan.FromSeconds(1);

    private long? _lastSync;
    private InquirySettings _inquiry = InquirySettings.Default;
    private Awaited _awaited;
    private InquirySchedule? _schedule;

    private enum Awaited
    {
        Nothing,
        Confirmation,
        Payer,
        Outcome,
    }

    public async Task<PaymentView?> Sync()
    {
        if (_lastSync is not { } last || time.GetElapsedTime(last) >= BetweenSyncs)
        {
            await Ask();
            LookAtPassed();
            _lastSync = time.GetTimestamp();
        }

        return State?.ToView();
    }

    private void Watch()
    {
        var awaited = WhatIsAwaited(State);
        if (awaited == _awaited) return;

        _schedule?.Dispose();
        _awaited = awaited;
        _schedule = awaited switch
        {
            Awaited.Confirmation => new InquirySchedule(this, Ask, IsOverdue ? Soon : LongestPause, LongestPauseForMerchant, UntilExpiry, keepAlive: false),
            Awaited.Payer => new InquirySchedule(this, Ask, IsOverdue ? Soon : FirstLookAtPayer, LongestPauseForPayer, UntilExpiry, keepAlive: true),
            Awaited.Outcome => new InquirySchedule(this, Ask, TimeSpan.FromMilliseconds(_inquiry.FirstAfterMs), LongestPause, UntilExpiry, keepAlive: true),
            _ => null,
        };
    }

    private static Awaited WhatIsAwaited(PaymentState? state) => state switch
    {
        { Status: PaymentStatus.Created, ExpiresAt: not null } => Awaited.Confirmation,
        { Status: PaymentStatus.RequiresAction } => Awaited.Payer,
        { Status: PaymentStatus.Processing, WorkItem: null } => Awaited.Outcome,
        _ => Awaited.Nothing,
    };

    private TimeSpan? UntilExpiry() => State?.ExpiresAt is { } expiry ? expiry - time.GetUtcNow() : null;

    private async Task Ask()
    {
        try
        {
            if (State is { OpenOperation: { } operation }) await AskAfterOperation(operation);
            else if (State is { OpenAttempt: { } attempt }) await AskAfterAttempt(attempt);
            else if (State is { Connector: { } connector, ConnectorReference: not null } && await RequestPermit(connector.Value, PermitPurpose.Inquiry) is { } permit)
                await Inspect(permit);

            await ExpireWhenDue();
            if (State is { Status: PaymentStatus.Processing, WorkItem: null } && IsHopeless(State))
            {
                await Decide(state => PaymentMachine.HandOver(state, WorkItemReasons.OutcomeUnknown));
            }
        }
        finally
        {
            Watch();
        }
    }

    private bool IsOverdue => State?.ExpiresAt is { } expiry && time.GetUtcNow() >= expiry;

    // Nothing is written while it is only asked after, so the last change is when the asking began. After a time in which nobody could ask, it is asked at least
    // until "no such charge" would have been an answer.
    private bool IsHopeless(PaymentState state)
    {
        if (time.GetUtcNow() - state.UpdatedAt < TimeSpan.FromSeconds(_inquiry.GiveUpAfterSeconds)) return false;
        var asked = Math.Min(_inquiry.GiveUpAfterSeconds, MostSecondsAskedAgain);
        if (state is { OpenOperation: null, ConnectorReference: null }) asked = Math.Max(asked, _inquiry.NotFoundFinalAfterSeconds);
        return time.GetElapsedTime(_silentSince) >= TimeSpan.FromSeconds(asked);
    }

    private async Task AskAfterAttempt(OpenAttempt open)
    {
        if (await RequestPermit(open.Connector.Value, PermitPurpose.Inquiry) is not { } permit) return;

        // Taken before the question: what arrives while it is on its way was not looked for.
        var silence = time.GetElapsedTime(_silentSince);
        var result = await connectors.FindCharge(
            permit, new ChargeInquiry(new AttemptReference(Id, open.Number), State!.ConnectorReference, State.Amount, State.CaptureMethod));
        var settled = silence >= TimeSpan.FromSeconds(permit.Settings.Inquiry.NotFoundFinalAfterSeconds) && open.IsOfCredentials(permit);
        LogInquired(Id, open.Number, permit.Connector.Value, result.GetType().Name);
        await Decide(state => PaymentMachine.Conclude(state, open.Number, result, settled, Waiting.Nobody, ActBefore));

        // What contradicts the way it was asked for may still be understood.
        if (result is ChargeResult.Unknown && State is { Status: PaymentStatus.Processing, OpenAttempt: not null }) await Inspect(permit);
    }

    // Asked only by who wants to know: funds that are held are let go at the provider when their time is over, may be taken at its own desk, and a charge may be there
    // of a payment that ended without one. A notice says so, if it arrives.
    private async Task Inspect(ConnectorPermit permit)
    {
        if (State?.ConnectorReference is not { } reference || await connectors.Inspect(permit, Id, reference) is not { } seen) return;
        await Decide(state => PaymentMachine.Inspect(state, seen, ActBefore));
    }

    // Looked up first: a provider may repeat a server error that it once answered for as long as it remembers the reference. Where nothing is done yet it is sent again;
    // past the provider's memory that would be a second operation, and then only a person can tell.
    private async Task AskAfterOperation(OpenOperation open)
    {
        if (await RequestPermit(State!.Connector?.Value, PermitPurpose.Inquiry) is not { } permit) return;
        await Inspect(permit);
        if (State is not { OpenOperation: { } still } || still.Number != open.Number) return;
        if (connectors.IsRemembered(permit, open.StartedAt)) await SendOpenOperation(permit, isRepetition: true, Waiting.Nobody);
        else await Decide(state => PaymentMachine.HandOver(state, WorkItemReasons.ReferenceForgotten));
    }

    private async Task ExpireWhenDue()
    {
        if (State?.ExpiresAt is not { } expiry || time.GetUtcNow() < expiry) return;
        if (State.Status == PaymentStatus.Created)
        {
            await Decide(PaymentMachine.Expire);
            return;
        }

        // The payer may still be at it: the charge is taken back first, and where that is refused something became of it.
        if (await RequestPermit(State.Connector?.Value, PermitPurpose.Inquiry) is not { } permit) return;
        if (await Decide(PaymentMachine.StartExpiry)) await SendOpenOperation(permit, isRepetition: false, Waiting.Nobody);
    }
}
