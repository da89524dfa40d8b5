using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Payments;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Payments;

/// <summary>The rules of a payment, without time, network or storage: commands and answers in, events out, and the fold of the events.</summary>
internal static partial class PaymentMachine
{
    /// <summary>The events of a payment that is created now and sent when it is confirmed.</summary>
    public static PaymentEvent[] Create(CreatePayment command, DateTimeOffset confirmBefore) => Waiting.Creator.Hears(Created(command, confirmBefore));

    /// <summary>The events that open a payment: with a connector its first attempt begins, without one it has already failed.</summary>
    /// <param name="connector">The connector that granted a permit; null when no eligible one did.</param>
    /// <param name="returnUrl">Where the payer comes back to; null when it could not follow a redirect.</param>
    /// <param name="credentialsVersion">Of the permit.</param>
    public static PaymentEvent[] Open(
        CreatePayment command, RoutingDecision decision, ConnectorName? connector, string? returnUrl, int? credentialsVersion = null) =>
        [Created(command, confirmBefore: null), .. Route(1, decision, connector, returnUrl, Waiting.Creator, credentialsVersion)];

    /// <summary>The event that confirms a payment which was only created.</summary>
    public static Outcome<PaymentEvent> Confirm(PaymentState state, ConfirmPayment command)
    {
        if (state.Status != PaymentStatus.Created) return InvalidState(state, "confirmed");
        var card = command.Card is { } given ? CardNetworks.Summarize(given) : null;
        return new PaymentConfirmed(card, command.CardFingerprint, command.Identity);
    }

    /// <summary>What follows a confirmation: the next attempt, or the payment's end when there is no connector.</summary>
    public static PaymentEvent[] Route(
        int attempt, RoutingDecision decision, ConnectorName? connector, string? returnUrl, Waiting waiting, int? credentialsVersion = null) =>
        connector is { } chosen
            ? [new RouteChosen(decision), new AttemptStarted(attempt, chosen, returnUrl, credentialsVersion)]
            : waiting.Hears(new RouteChosen(decision), new RoutesExhausted(WhyNone(decision)));

    private static PaymentError WhyNone(RoutingDecision decision) =>
        decision.Candidates.Any(PermitRefusals.IsTemporary) ? PaymentErrors.ConnectorUnavailable : PaymentErrors.NoEligibleConnector;

    /// <summary>The event that ends a payment which nobody confirmed in time.</summary>
    public static PaymentEvent[] Expire(PaymentState state) => state.Status == PaymentStatus.Created ? [new PaymentExpired()] : [];

    /// <summary>The events that a connector's word on an attempt brings about; nothing new when it says nothing new, or the attempt has its outcome already.</summary>
    /// <param name="notFoundIsFinal">
    /// The settling window has passed and it was asked for where it was sent, so a charge that is not found was never made; unless the provider once told of it, and
    /// then its search is behind.
    /// </param>
    /// <param name="actBefore">Until when the payer has time to act, if it must.</param>
    public static PaymentEvent[] Conclude(
        PaymentState state, int attempt, ChargeResult result, bool notFoundIsFinal, Waiting waiting, DateTimeOffset actBefore)
    {
        if (state.OpenAttempt is not { } open || open.Number != attempt) return waiting.Hears();

        // While the payer acts, only what the connector decided is news.
        if (state.Status == PaymentStatus.RequiresAction && !Decides(result)) return waiting.Hears();

        PaymentEvent? concluded = result switch
        {
            ChargeResult.Approved approved => new AttemptApproved(open.Number, approved.ConnectorReference, approved.AmountCaptured),
            ChargeResult.Authorized authorized => new AttemptAuthorized(open.Number, authorized.ConnectorReference, authorized.AmountAuthorized),
            ChargeResult.Declined declined => new AttemptDeclined(open.Number, declined.Error, declined.ConnectorReference),
            ChargeResult.Rejected rejected => new AttemptFailed(open.Number, rejected.Error),
            ChargeResult.NotSent => new AttemptFailed(open.Number, PaymentErrors.ConnectorUnreachable),
            ChargeResult.NotFound when notFoundIsFinal && state.ConnectorReference is null => new AttemptFailed(open.Number, PaymentErrors.AttemptNotSent),
            ChargeResult.ActionRequired action => new AttemptActionRequired(open.Number, action.ConnectorReference, action.Action, actBefore),
            ChargeResult.Pending pending => Unresolved(state, open, "pending_at_connector", pending.ConnectorReference, waiting),
            ChargeResult.Unknown unknown => Unresolved(state, open, unknown.Reason, null, waiting),
            ChargeResult.NotFound => Unresolved(state, open, "not_found_yet", null, waiting),
            _ => throw new InvalidOperationException($"Unexpected result {result.GetType().Name}."),
        };
        return concluded is null ? waiting.Hears() : waiting.Hears(concluded with { Exchange = result.Exchange });
    }

    /// <summary>What the answer to a charge's first sending proves. That it was not taken is not believed of one that its provider told of.</summary>
    /// <param name="isTold">The provider told of the open attempt, and no event says so.</param>
    public static ChargeResult JudgeFirst(PaymentState state, ChargeResult result, bool isTold) =>
        result is ChargeResult.Rejected or ChargeResult.NotSent && (isTold || state.ConnectorReference is not null)
            ? new ChargeResult.Unknown("contradictory_answer") { Exchange = result.Exchange }
            : result;

    /// <summary>
    /// What the answer to a repeated charge proves. A refusal of the repetition (wrong credentials, no connection) says nothing of the first sending, which may
    /// have been taken.
    /// </summary>
    public static ChargeResult JudgeRepetition(ChargeResult result) =>
        result is ChargeResult.Rejected or ChargeResult.NotSent ? new ChargeResult.Unknown("repetition_refused") : result;

    public static PaymentState Apply(PaymentId id, PaymentState? state, PaymentEvent happened, int version, DateTimeOffset at)
    {
        if (happened is PaymentCreated created) return Create(id, created, version, at);
        if (state is null) throw new InvalidDataException($"{happened.GetType().Name} comes before the payment was created.");

        var next = happened switch
        {
            RouteChosen e => state with { RoutingDecisionId = e.Decision.DecisionId },
            AttemptStarted when state.OpenAttempt is not null => throw new InvalidDataException("An attempt begins while another has no outcome."),
            AttemptStarted e => Move(state, PaymentTrigger.AttemptStarted) with
            {
                Attempts = e.Attempt,
                Connector = e.Connector,
                OpenAttempt = new OpenAttempt(e.Attempt, e.Connector, at, e.ReturnUrl, e.CredentialsVersion),
            },
            AttemptApproved e => Move(state, PaymentTrigger.Approved) with
            {
                ConnectorReference = e.ConnectorReference,
                AmountCaptured = e.AmountCaptured,
                OpenAttempt = null,
            },
            AttemptDeclined e => Move(state, PaymentTrigger.Declined) with
            {
                ConnectorReference = e.ConnectorReference,
                LastError = e.Error,
                OpenAttempt = null,
            },
            AttemptFailed e => Move(state, PaymentTrigger.Failed) with { LastError = e.Error, OpenAttempt = null },
            AttemptOutcomeUnknown e => Move(state, PaymentTrigger.OutcomeUnknown) with
            {
                ConnectorReference = e.ConnectorReference ?? state.ConnectorReference,
            },
            AttemptActionRequired e => Move(state, PaymentTrigger.ActionRequired) with
            {
                ConnectorReference = e.ConnectorReference,
                NextAction = e.Action,
                ActionAsked = true,
                ExpiresAt = e.ExpiresAt,
            },
            RoutesExhausted e => Move(state, PaymentTrigger.Failed) with { LastError = e.Error },
            CallerAnswered => state,
            AttemptAuthorized e => Move(state, PaymentTrigger.Authorized) with { ConnectorReference = e.ConnectorReference, OpenAttempt = null },
            PaymentConfirmed e => Remember(state, e.Request) with { Card = e.Card ?? state.Card, CardFingerprint = e.CardFingerprint ?? state.CardFingerprint },
            PaymentCancelled e => Move(Remember(state, e.Request), PaymentTrigger.Released) with { CancellationReason = e.Reason },
            PaymentExpired => Move(state, PaymentTrigger.Expired) with { LastError = PaymentErrors.Expired },
            _ => ApplyToOperations(state, happened, at) ?? ApplyToFailover(state, happened, at) ?? ApplyToNotices(state, happened, at) ?? ApplyToWorkItems(state, happened, at)
                ?? throw new InvalidDataException($"A payment does not know {happened.GetType().Name}."),
        };
        return Answer(Tidy(state, next) with { Version = version, UpdatedAt = at }, happened);
    }

    // What belongs to a status goes with it.
    private static PaymentState Tidy(PaymentState before, PaymentState next)
    {
        if (next.Status == before.Status) return next;
        if (next.Status != PaymentStatus.RequiresAction) next = next with { NextAction = null, ExpiresAt = null };
        return next with { WorkItem = null };
    }

    private static PaymentState Answer(PaymentState state, PaymentEvent happened) => happened switch
    {
        CallerAnswered => state with { FirstAnswer = state.ToView() },

        // A read model keeps no requests between two entries, and needs none.
        OperationAnswered e when state.Requests.TryGetValue(e.Key, out var request) =>
            state with { Requests = state.Requests.SetItem(e.Key, request with { Answer = state.ToView() }) },
        _ => state,
    };

    private static PaymentCreated Created(CreatePayment command, DateTimeOffset? confirmBefore) => new(
        command.MerchantId, command.Amount, CardNetworks.Summarize(command.Card), command.MerchantOrderId, command.Description, command.CustomerId,
        command.PreferredConnector, command.ReturnUrl, command.Metadata, command.DeviceIp, command.RequestFingerprint, command.CaptureMethod, confirmBefore,
        command.CardFingerprint, command.BillingCountry);

    private static PaymentState Create(PaymentId id, PaymentCreated e, int version, DateTimeOffset at) => new()
    {
        Id = id,
        MerchantId = e.MerchantId,
        Status = PaymentStatus.Created,
        Amount = e.Amount,
        AmountCaptured = Money.Zero(e.Amount.Currency),
        CaptureMethod = e.CaptureMethod,
        Card = e.Card,
        MerchantOrderId = e.MerchantOrderId,
        Description = e.Description,
        CustomerId = e.CustomerId,
        Metadata = e.Metadata,
        RequestFingerprint = e.RequestFingerprint,
        ReturnUrl = e.ReturnUrl,
        PreferredConnector = e.PreferredConnector,
        CardFingerprint = e.CardFingerprint,
        BillingCountry = e.BillingCountry,
        CardKept = e.ConfirmBefore is not null,
        ExpiresAt = e.ConfirmBefore,
        Version = version,
        CreatedAt = at,
        UpdatedAt = at,
    };

    private static PaymentState Move(PaymentState state, PaymentTrigger trigger) =>
        state with { Status = PaymentTransitions.Next(state.Status, trigger) };

    private static bool Decides(ChargeResult result) =>
        result is ChargeResult.Approved or ChargeResult.Authorized or ChargeResult.Declined or ChargeResult.Pending;

    // A further "still unknown" of an inquiry is no news and is not written, except that it answers a caller, brings the provider's id of the charge, or says that
    // the payer has acted.
    private static AttemptOutcomeUnknown? Unresolved(PaymentState state, OpenAttempt open, string reason, string? connectorReference, Waiting waiting)
    {
        var bringsReference = connectorReference is not null && state.ConnectorReference is null;
        var payerActed = state.Status == PaymentStatus.RequiresAction;
        return waiting.IsSomeone || bringsReference || payerActed ? new AttemptOutcomeUnknown(open.Number, reason, connectorReference) : null;
    }
}
