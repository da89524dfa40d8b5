using OrleansPayments.Grains.Connectors;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Payments;

// What a provider tells by itself. A notice says how the charge stood when it was written, and may come twice, late and out of order: it only ever moves a payment
// to where a charge does not come back from, so that what was true once is still true.
internal static partial class PaymentMachine
{
    // The adapters' word for a charge that was cancelled at its provider.
    private const string CanceledAtConnector = "canceled_at_connector";

    /// <summary>The events that a notice brings about; none when it is about another charge, or says nothing new.</summary>
    /// <param name="actBefore">Until when the payer has time to act, if it must.</param>
    public static PaymentEvent[] Observe(PaymentState state, ChargeNotice notice, DateTimeOffset actBefore) =>
        Inspect(state, notice, actBefore) is { Length: > 0 } events ? [new ChargeNoticed(notice.EventId, notice.EventType), .. events] : [];

    /// <summary>As <see cref="Observe"/>, of what the provider answered when it was asked.</summary>
    public static PaymentEvent[] Inspect(PaymentState state, ChargeNotice notice, DateTimeOffset actBefore)
    {
        if (!Concerns(state, notice)) return FindPassed(state, notice) is { } passed ? ObservePassed(passed, notice) : [];

        return state switch
        {
            { OpenOperation: { IsCapture: true } open } => ObserveCapture(state, open, notice),
            { OpenOperation: { } open } => ObserveCancellation(state, open, notice, actBefore),
            { OpenAttempt: { } open } => ObserveAttempt(state, open, notice, actBefore),
            { Status: PaymentStatus.Authorized or PaymentStatus.PartiallyCaptured } => ObserveHeld(state, notice),
            { Status: PaymentStatus.Failed or PaymentStatus.Declined or PaymentStatus.Cancelled } => ObserveEnded(state, notice),
            _ => [],
        };
    }

    private static bool Concerns(PaymentState state, ChargeNotice notice) =>
        state.Connector == notice.Connector
        && state.Attempts == notice.Attempt
        && state.Amount == notice.Amount
        && (state.ConnectorReference is null || state.ConnectorReference == notice.ConnectorReference);

    private static PaymentEvent[] ObserveAttempt(PaymentState state, OpenAttempt open, ChargeNotice notice, DateTimeOffset actBefore)
    {
        // Somebody took the funds at the provider before it was known here that they are held.
        if (state.CaptureMethod != CaptureMethod.Automatic && notice.Status == ChargeStatus.Captured && TookMore(state, notice))
            return [new AttemptAuthorized(open.Number, notice.ConnectorReference, notice.Amount), new ChargeCaptured(notice.AmountCaptured)];

        return ToResult(state, notice) is { } result ? Conclude(state, open.Number, result, notFoundIsFinal: false, Waiting.Nobody, actBefore) : [];
    }

    // What does not suit the way the charge was asked for decides nothing; the inquiry goes on.
    private static ChargeResult? ToResult(PaymentState state, ChargeNotice notice) => notice.Status switch
    {
        ChargeStatus.Captured when state.CaptureMethod == CaptureMethod.Automatic && notice.AmountCaptured == state.Amount =>
            new ChargeResult.Approved(notice.ConnectorReference, notice.AmountCaptured),
        ChargeStatus.Authorized when state.CaptureMethod != CaptureMethod.Automatic && notice.AmountCaptured.MinorUnits == 0 =>
            new ChargeResult.Authorized(notice.ConnectorReference, notice.Amount),
        ChargeStatus.Declined when notice.Error is { } error => new ChargeResult.Declined(error, notice.ConnectorReference),
        ChargeStatus.Cancelled => new ChargeResult.Declined(notice.Error ?? PaymentErrors.ReleasedAtConnector, notice.ConnectorReference),

        // Once the payer was asked, a notice that asks may be older than what the payer has done since.
        ChargeStatus.ActionRequired when notice.NextAction is { } action && !state.ActionAsked => new ChargeResult.ActionRequired(notice.ConnectorReference, action),

        // From before the payer was asked, or after it acted: it does not say which.
        ChargeStatus.Pending when !state.ActionAsked => new ChargeResult.Pending(notice.ConnectorReference),
        _ => null,
    };

    private static PaymentEvent[] ObserveCapture(PaymentState state, OpenOperation open, ChargeNotice notice)
    {
        if (notice.AmountCaptured == state.AmountCaptured + open.Amount!.Value) return [new CaptureSucceeded(open.Number, notice.AmountCaptured)];

        // Somebody else took another sum, and no more can be taken: ours was not done, or is in that sum.
        if (notice.Status == ChargeStatus.Captured && TookMore(state, notice))
            return [new OperationRefused(open.Number, PaymentErrors.CapturedAtConnector), new ChargeCaptured(notice.AmountCaptured)];
        if (notice.Status != ChargeStatus.Cancelled || state.AmountCaptured.MinorUnits > 0) return [];
        return [new OperationRefused(open.Number, PaymentErrors.ReleasedAtConnector), new ChargeReleased()];
    }

    private static PaymentEvent[] ObserveCancellation(PaymentState state, OpenOperation open, ChargeNotice notice, DateTimeOffset actBefore)
    {
        if (notice.Status == ChargeStatus.Cancelled) return [new CancelSucceeded(open.Number)];

        // Funds that are taken can no longer be released: the cancellation came too late. Funds that are held still can.
        if (notice.Status != ChargeStatus.Captured || !TookMore(state, notice)) return [];
        var tooLate = new OperationRefused(open.Number, PaymentErrors.CapturedAtConnector);
        if (state.OpenAttempt is null) return [tooLate, new ChargeCaptured(notice.AmountCaptured)];
        return ObserveAttempt(state, state.OpenAttempt, notice, actBefore) is { Length: > 0 } concluded ? [tooLate, .. concluded] : [];
    }

    private static PaymentEvent[] ObserveHeld(PaymentState state, ChargeNotice notice)
    {
        if (notice.Status == ChargeStatus.Cancelled) return Release(state);
        return TookMore(state, notice) ? [new ChargeCaptured(notice.AmountCaptured)] : [];
    }

    private static bool TookMore(PaymentState state, ChargeNotice notice) =>
        notice.AmountCaptured.MinorUnits > state.AmountCaptured.MinorUnits && notice.AmountCaptured.MinorUnits <= state.Amount.MinorUnits;

    /// <summary>The event by which funds that were held are known to be released at the connector; none where some of them were taken.</summary>
    public static PaymentEvent[] Release(PaymentState state) => state.Status == PaymentStatus.Authorized ? [new ChargeReleased()] : [];

    // Funds that are held may have been held before the payment ended, and be released since. It is news of a charge that was never heard of, or of one that the issuer
    // had declined.
    private static PaymentEvent[] ObserveEnded(PaymentState state, ChargeNotice notice)
    {
        if (state.GivenBack is { } given && given.ConnectorReference == notice.ConnectorReference && notice.AmountCaptured.MinorUnits <= given.AmountCaptured.MinorUnits) return [];
        if (state.Surfaced is { } known && notice.AmountCaptured.MinorUnits <= known.AmountCaptured.MinorUnits) return [];
        var isCharge = notice.Status == ChargeStatus.Captured && notice.AmountCaptured.MinorUnits > 0;
        var isNewHold = notice.Status == ChargeStatus.Authorized && state.LastError?.Code is { } code && (WasNeverHeardOf(code) || WasNeverHeld(state.Status, code));
        return isCharge || isNewHold ? [new ChargeSurfaced(notice.ConnectorReference, notice.AmountCaptured)] : [];
    }

    // A charge that was cancelled at its provider may have been a hold before.
    private static bool WasNeverHeld(PaymentStatus status, string code) =>
        status == PaymentStatus.Declined && code != CanceledAtConnector && code != PaymentErrors.ReleasedAtConnector.Code;

    private static bool WasNeverHeardOf(string code) => code == PaymentErrors.AttemptNotSent.Code || code == PaymentErrors.ResolvedAsNotDone.Code;

    private static PaymentState? ApplyToNotices(PaymentState state, PaymentEvent happened, DateTimeOffset at) => happened switch
    {
        ChargeNoticed => state,
        ChargeReleased => Move(state, PaymentTrigger.Released) with { LastError = PaymentErrors.ReleasedAtConnector },
        ChargeCaptured e => Move(state, e.AmountCaptured == state.Amount ? PaymentTrigger.CapturedInFull : PaymentTrigger.CapturedInPart) with
        {
            AmountCaptured = e.AmountCaptured,
            LastError = null,
        },
        ChargeSurfaced e => state with
        {
            Surfaced = new SurfacedCharge(e.ConnectorReference, e.AmountCaptured),
            WorkItem = new OpenWorkItem(WorkItemReasons.ChargeAfterEnd, at),
        },
        _ => null,
    };
}
