using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Payments;

// Captures and cancellations: recorded, sent, concluded. One that nobody knows the outcome of is sent again under the same reference: that is the question, because
// the provider answers what it did, or does now what never arrived. It needs no card.
internal sealed partial class PaymentGrain
{
    public Task<Outcome<PaymentAnswer>> Capture(CapturePayment command) =>
        Operate(command.Identity, state => PaymentMachine.StartCapture(state, command));

    public Task<Outcome<PaymentAnswer>> Cancel(CancelPayment command) =>
        Operate(command.Identity, state => PaymentMachine.StartCancel(state, command));

    public Task<Outcome<PaymentAnswer>> Confirm(ConfirmPayment command) => throw new NotImplementedException();

    public Task<PaymentTraces?> GetTraces() => throw new NotImplementedException();

    public Task<bool> Notify(ChargeNotice notice) => throw new NotImplementedException();

    public Task<Outcome<PaymentAnswer>> Resolve(ResolvePayment command) => throw new NotImplementedException();

    private async Task<Outcome<PaymentAnswer>> Operate(RequestIdentity? request, Func<PaymentState, Outcome<PaymentEvent>> start)
    {
        if (State is not { } state)
        {
            DeactivateOnIdle();
            return PaymentRefusals.NotFound;
        }

        if (request is not null && state.Requests.TryGetValue(request.Key, out var known)) return await RepeatOperation(known, request);
        if (!start(state).TryGet(out var started, out var refusal)) return refusal;

        // Nothing is recorded that could not be sent: a connector grants this always while it exists.
        if (await RequestPermit(state.Connector?.Value, PermitPurpose.Inquiry) is not { } permit) return PaymentRefusals.ConnectorGone;
        await Record(started);
        await SendOpenOperation(permit, isRepetition: false, request, answersCaller: true);
        return new PaymentAnswer(State!.ToView(), Replayed: false);
    }

    // The same request again. Where the first one ended without an answer and its operation is still open, sending it again is the surest question.
    private async Task<Outcome<PaymentAnswer>> RepeatOperation(OperationRequest known, RequestIdentity request)
    {
        if (known.Fingerprint != request.Fingerprint) return PaymentRefusals.IdempotencyMismatch;
        if (known.Answer is { } answer) return new PaymentAnswer(answer, Replayed: true);

        if (State!.OpenOperation is { } open && open.Number == known.Operation
            && await RequestPermit(State.Connector?.Value, PermitPurpose.Inquiry) is { } permit
            && connectors.IsRemembered(permit, open.StartedAt))
        {
            await SendOpenOperation(permit, isRepetition: true, request, answersCaller: true);
        }

        return new PaymentAnswer(State.ToView(), Replayed: true);
    }

    private async Task SendOpenOperation(ConnectorPermit permit, bool isRepetition, RequestIdentity? answers, bool answersCaller)
    {
        var state = State!;
        try
        {
            var result = await SendOperation(permit, state, state.OpenOperation!);
            LogOperated(Id, state.OpenOperation!.Number, permit.Connector.Value, result.GetType().Name);
            var events = PaymentMachine.Conclude(state, result, isRepetition, answers, answersCaller);
            if (events.Length > 0) await Record(events);
        }
        finally
        {
            WatchOpenCall(permit.Settings.Inquiry);
        }
    }

    private Task<OperationResult> SendOperation(ConnectorPermit permit, PaymentState state, OpenOperation open)
    {
        var attempt = new AttemptReference(Id, state.Attempts);
        var charge = state.ConnectorReference ?? throw new InvalidOperationException($"Payment {Id} has no charge to operate on.");
        return open.Amount is { } amount
            ? connectors.Capture(permit, new CaptureRequest(
                new OperationReference(attempt, "capture", open.Number), charge, amount, state.AmountCaptured, open.IsFinal))
            : connectors.Cancel(permit, new CancelRequest(new OperationReference(attempt, "cancel", open.Number), charge, state.Amount));
    }

    // True when there is nothing left to ask. Past the provider's memory a repetition would be a second operation: then only a person can tell.
    private async Task<bool> ResolveOpenOperation(OpenOperation open)
    {
        if (await RequestPermit(State!.Connector?.Value, PermitPurpose.Inquiry) is not { } permit) return false;
        if (!connectors.IsRemembered(permit, open.StartedAt)) return false;
        await SendOpenOperation(permit, isRepetition: true, answers: null, answersCaller: false);
        return State!.OpenOperation is null;
    }
}
