using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Payments;

// What a payment asks and ends by itself. Once it is out of memory the sweeper wakes it: while its outcome is not known, and when its time is over.
internal sealed partial class PaymentGrain
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    // A payer takes its time, and its return or a notice usually comes first.
    private static readonly TimeSpan FirstLookAtPayer = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestPauseForPayer = TimeSpan.FromMinutes(10);

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
        await Ask();
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
            Awaited.Confirmation => new InquirySchedule(this, Ask, options.ConfirmWithin, options.ConfirmWithin, UntilExpiry, keepAlive: false),
            Awaited.Payer => new InquirySchedule(this, Ask, FirstLookAtPayer, LongestPauseForPayer, UntilExpiry, keepAlive: true),
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
            else if (State is { Status: PaymentStatus.Authorized }) await AskAfterHold();

            await ExpireWhenDue();
            if (State is { Status: PaymentStatus.Processing, WorkItem: null } && time.GetUtcNow() - State.UpdatedAt >= GiveUpAfter)
            {
                await Decide(state => PaymentMachine.HandOver(state, WorkItemReasons.OutcomeUnknown));
            }
        }
        finally
        {
            Watch();
        }
    }

    // Nothing is written while it is only asked after, so the last change is when the asking began.
    private TimeSpan GiveUpAfter => TimeSpan.FromSeconds(_inquiry.GiveUpAfterSeconds);

    private async Task AskAfterAttempt(OpenAttempt open)
    {
        if (await RequestPermit(open.Connector.Value, PermitPurpose.Inquiry) is not { } permit) return;

        // Taken before the question: what arrives while it is on its way was not looked for.
        var silence = time.GetElapsedTime(_silentSince);
        var result = await connectors.FindCharge(permit, InquiryAfter(open.Number));
        var settled = silence >= TimeSpan.FromSeconds(permit.Settings.Inquiry.NotFoundFinalAfterSeconds);
        LogInquired(Id, open.Number, permit.Connector.Value, result.GetType().Name);
        await Decide(state => PaymentMachine.Conclude(state, open.Number, result, settled, Waiting.Nobody, ActBefore));
    }

    // Funds that are held are let go at the provider when their time is over; a notice says so, if it arrives.
    private async Task AskAfterHold()
    {
        if (await RequestPermit(State!.Connector?.Value, PermitPurpose.Inquiry) is not { } permit) return;
        var result = await connectors.FindCharge(permit, InquiryAfter(State.Attempts));
        if (result is ChargeResult.Declined) await Decide(PaymentMachine.Release);
    }

    private ChargeInquiry InquiryAfter(int attempt) =>
        new(new AttemptReference(Id, attempt), State!.ConnectorReference, State.Amount, State.CaptureMethod);

    // Past the provider's memory a repetition would be a second operation: then only a person can tell.
    private async Task AskAfterOperation(OpenOperation open)
    {
        if (await RequestPermit(State!.Connector?.Value, PermitPurpose.Inquiry) is not { } permit) return;
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
