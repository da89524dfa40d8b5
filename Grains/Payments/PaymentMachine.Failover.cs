using System.Collections.Immutable;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Payments;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Payments;

// The next attempt at another connector, after one that provably took nothing; and what becomes of a charge of the former that is there all the same.
internal static partial class PaymentMachine
{
    /// <summary>
    /// The events that pass the open attempt on to another connector. None where that is not safe any more: something else ended the attempt, the payer was asked,
    /// or the provider told of a charge that its answer denies.
    /// </summary>
    /// <param name="refused">By which the attempt ended; <see cref="Failover.ReasonOf"/> has a reason for it.</param>
    /// <param name="decision">Without the connectors that were tried.</param>
    /// <param name="next">The connector that granted a permit.</param>
    public static PaymentEvent[] PassOn(
        PaymentState state, int attempt, ChargeResult refused, string reason, RoutingDecision decision, ConnectorName next, string? returnUrl,
        int? credentialsVersion = null)
    {
        if (state is not { Status: PaymentStatus.Processing, OpenAttempt: { } open, OpenOperation: null, ActionAsked: false } || open.Number != attempt) return [];
        if (refused is not ChargeResult.Declined && state.ConnectorReference is not null) return [];

        var (error, reference) = refused switch
        {
            ChargeResult.Declined declined => (declined.Error, declined.ConnectorReference),
            ChargeResult.Rejected rejected => (rejected.Error, null),
            ChargeResult.NotSent => (PaymentErrors.ConnectorUnreachable, null),
            _ => throw new InvalidOperationException($"{refused.GetType().Name} does not say that nothing was taken."),
        };
        var passedOn = new AttemptPassedOn(attempt, reason, error, reference ?? state.ConnectorReference) { Exchange = refused.Exchange };
        return [passedOn, .. Route(attempt + 1, decision, next, returnUrl, Waiting.Nobody, credentialsVersion)];
    }

    /// <summary>What a person has to see to; null when there is nothing. What the payment itself waits for goes first.</summary>
    public static WorkItem? WorkItemOf(PaymentState state)
    {
        if (state.WorkItem is { } item)
        {
            var funds = state.OpenAttempt is null && state.OpenOperation is null ? state.Surfaced : null;
            return new WorkItem(item.Reason, item.Since, Resolutions(state), state.Connector?.Value, ReferenceOf(state, found: null), FundsOf(state, funds));
        }

        return SurfacedOf(state) is { Surfaced: { } charge, SurfacedAt: { } at } passed
            ? new WorkItem(WorkItemReasons.ChargeOfPassedAttempt, at, [GivenBackOf(charge)], passed.Connector.Value, charge.ConnectorReference, FundsOf(state, charge))
            : null;
    }

    // Funds that are held are held in full.
    private static Money FundsOf(PaymentState state, SurfacedCharge? charge) => charge is { AmountCaptured.MinorUnits: > 0 } ? charge.AmountCaptured : state.Amount;

    // Its name tells it from the payment's own charge, and from others that were passed on. What the payment waits for goes first should both have the same.
    private static PassedAttempt? FindNamed(PaymentState state, string? reference) =>
        reference is null || (state.WorkItem is not null && ReferenceOf(state, found: null) == reference)
            ? null
            : state.Passed?.Find(attempt => attempt.Surfaced?.ConnectorReference == reference);

    // Two attempts may have left a charge, and the payment may have had its own to resolve a moment ago: a word that names none is taken for none.
    private static Refusal PassedChargeToBeNamed(ResolvePayment command) => command.ConnectorReference is null
        ? new Refusal(
            RefusalCode.InvalidState, "A charge of an attempt that was passed on is resolved by the connector's id of it; give it.", "/connector_reference")
        : OtherCharge;

    // The payment has, or had, another charge, so there is one thing to be done about this one: it is given back.
    private static Outcome<PaymentEvent> ResolvePassed(PassedAttempt attempt, ResolvePayment command)
    {
        var possible = GivenBackOf(attempt.Surfaced!);
        if (command.Resolution == possible) return new PassedChargeResolved(attempt.Number, command.Reason, command.ResolvedBy, command.Identity);
        return new Refusal(
            RefusalCode.InvalidState, $"A charge of an attempt that was passed on can only be given back at its connector; then it is resolved as {NameOf(possible)}.", "/resolution");
    }

    private static PassedAttempt? SurfacedOf(PaymentState state) => state.Passed?.FirstOrDefault(attempt => attempt.Surfaced is not null);

    private static PaymentResolution GivenBackOf(SurfacedCharge charge) =>
        charge.AmountCaptured.MinorUnits > 0 ? PaymentResolution.NotCaptured : PaymentResolution.NotAuthorized;

    private static PassedAttempt? FindPassed(PaymentState state, ChargeNotice notice) => state.Amount != notice.Amount
        ? null
        : state.Passed?.FirstOrDefault(attempt => attempt.Number == notice.Attempt && attempt.Connector == notice.Connector
            && (attempt.ConnectorReference is null || attempt.ConnectorReference == notice.ConnectorReference));

    // That it was refused, or is given up, is known. That it holds or has funds contradicts it.
    private static PaymentEvent[] ObservePassed(PassedAttempt attempt, ChargeNotice notice)
    {
        var captured = notice.AmountCaptured;
        var hasFunds = notice.Status == ChargeStatus.Authorized || (notice.Status == ChargeStatus.Captured && captured.MinorUnits > 0);
        if (!hasFunds || IsKnown(attempt.Surfaced) || IsKnown(attempt.GivenBack)) return [];
        return [new PassedChargeSurfaced(attempt.Number, notice.ConnectorReference, captured)];

        bool IsKnown(SurfacedCharge? charge) => charge is not null && captured.MinorUnits <= charge.AmountCaptured.MinorUnits;
    }

    private static PaymentState? ApplyToFailover(PaymentState state, PaymentEvent happened, DateTimeOffset at) => happened switch
    {
        // What belonged to the attempt goes with it: the next one's charge is another.
        AttemptPassedOn e => Move(state, PaymentTrigger.PassedOn) with
        {
            OpenAttempt = null,
            ConnectorReference = null,
            Passed = (state.Passed ?? []).Add(new PassedAttempt(e.Attempt, state.OpenAttempt!.Connector, e.ConnectorReference)),
        },
        PassedChargeSurfaced e => Change(state, e.Attempt, attempt => attempt with { Surfaced = new SurfacedCharge(e.ConnectorReference, e.AmountCaptured), SurfacedAt = at }),
        PassedChargeResolved e => Change(
            Remember(state, e.Request), e.Attempt, attempt => attempt with { Surfaced = null, SurfacedAt = null, GivenBack = attempt.Surfaced }),
        _ => null,
    };

    private static PaymentState Change(PaymentState state, int number, Func<PassedAttempt, PassedAttempt> change)
    {
        var attempt = state.Passed?.Find(attempt => attempt.Number == number) ?? throw new InvalidDataException($"Attempt {number} of {state.Id} was not passed on.");
        return state with { Passed = state.Passed.Replace(attempt, change(attempt)) };
    }
}
