using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Payments;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Payments;

/// <summary>The rules of a payment, without time, network or storage: commands and answers in, events out, and the fold of the events.</summary>
internal static partial class PaymentMachine
{
    /// <summary>The events that open a payment: with a connector its first attempt begins, without one it has already failed.</summary>
    /// <param name="connector">The connector that granted a permit; null when no eligible one did.</param>
    public static PaymentEvent[] Open(CreatePayment command, RoutingDecision decision, ConnectorName? connector)
    {
        var created = new PaymentCreated(
            command.MerchantId, command.Amount, CardNetworks.Summarize(command.Card), command.MerchantOrderId, command.Description, command.CustomerId,
            command.PreferredConnector, command.ReturnUrl, command.Metadata, command.DeviceIp, command.RequestFingerprint, command.CaptureMethod);
        return connector is { } chosen
            ? [created, new RouteChosen(decision), new AttemptStarted(1, chosen)]
            : [created, new RouteChosen(decision), new RoutesExhausted(PaymentErrors.NoEligibleConnector), new CallerAnswered()];
    }

    /// <summary>The events that a connector's word on the open attempt brings about; none when it says nothing new.</summary>
    /// <param name="notFoundIsFinal">The settling window has passed, so a charge that is not found was never made.</param>
    /// <param name="answersCaller">The creating caller waits for this.</param>
    public static PaymentEvent[] Conclude(PaymentState state, ChargeResult result, bool notFoundIsFinal, bool answersCaller)
    {
        if (state.OpenAttempt is not { } open) throw new InvalidOperationException($"Payment {state.Id} has no open attempt.");

        PaymentEvent? concluded = result switch
        {
            ChargeResult.Approved approved => new AttemptApproved(open.Number, approved.ConnectorReference, approved.AmountCaptured),
            ChargeResult.Authorized authorized => new AttemptAuthorized(open.Number, authorized.ConnectorReference, authorized.AmountAuthorized),
            ChargeResult.Declined declined => new AttemptDeclined(open.Number, declined.Error, declined.ConnectorReference),
            ChargeResult.Rejected rejected => new AttemptFailed(open.Number, rejected.Error),
            ChargeResult.NotSent => new AttemptFailed(open.Number, PaymentErrors.ConnectorUnreachable),
            ChargeResult.NotFound when notFoundIsFinal => new AttemptFailed(open.Number, PaymentErrors.AttemptNotSent),
            ChargeResult.Pending pending => Unresolved(state, open, "pending_at_connector", pending.ConnectorReference, answersCaller),
            ChargeResult.Unknown unknown => Unresolved(state, open, unknown.Reason, null, answersCaller),
            ChargeResult.NotFound => Unresolved(state, open, "not_found_yet", null, answersCaller),
            _ => throw new InvalidOperationException($"Unexpected result {result.GetType().Name}."),
        };
        if (concluded is null) return [];
        return answersCaller ? [concluded, new CallerAnswered()] : [concluded];
    }

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
            AttemptStarted e => Move(state, PaymentTrigger.AttemptStarted) with
            {
                Attempts = e.Attempt,
                Connector = e.Connector,
                OpenAttempt = new OpenAttempt(e.Attempt, e.Connector, at),
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
            RoutesExhausted e => Move(state, PaymentTrigger.Failed) with { LastError = e.Error },
            CallerAnswered => state,
            AttemptAuthorized e => Move(state, PaymentTrigger.Authorized) with { ConnectorReference = e.ConnectorReference, OpenAttempt = null },
            _ => ApplyToOperations(state, happened, at) ?? throw new InvalidDataException($"A payment does not know {happened.GetType().Name}."),
        };
        next = next with { Version = version, UpdatedAt = at };
        return happened switch
        {
            CallerAnswered => next with { FirstAnswer = next.ToView() },

            // A read model keeps no requests between two entries, and needs none.
            OperationAnswered e when next.Requests.TryGetValue(e.Key, out var request) =>
                next with { Requests = next.Requests.SetItem(e.Key, request with { Answer = next.ToView() }) },
            _ => next,
        };
    }

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
        Version = version,
        CreatedAt = at,
        UpdatedAt = at,
    };

    private static PaymentState Move(PaymentState state, PaymentTrigger trigger) =>
        state with { Status = PaymentTransitions.Next(state.Status, trigger) };

    // A further "still unknown" of an inquiry is no news and is not written, except that it answers a caller or brings the provider's id of the charge.
    private static AttemptOutcomeUnknown? Unresolved(PaymentState state, OpenAttempt open, string reason, string? connectorReference, bool answersCaller)
    {
        var bringsReference = connectorReference is not null && state.ConnectorReference is null;
        return answersCaller || bringsReference ? new AttemptOutcomeUnknown(open.Number, reason, connectorReference) : null;
    }
}
